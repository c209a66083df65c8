"""A store that speaks S3 on the loopback interface, for one test: buckets with object lock and without."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import Request, urlopen

import boto3
from moto.server import ThreadedMotoServer

KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_SESSION_TOKEN": "test"}


class Buckets:
    """The store, and a client of it that is not ours."""

    def __init__(self, address: str) -> None:
        self.environment = {**KEYS, "AWS_ENDPOINT_URL_S3": address, "AWS_EC2_METADATA_DISABLED": "true"}
        self.client: Any = boto3.client(
            "s3",
            region_name="us-east-1",
            endpoint_url=address,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def made(self, name: str, *, locked: bool = True) -> str:
        """Make a bucket."""
        self.client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=locked)
        return name

    def keys(self, bucket: str) -> list[str]:
        """Return the names of all objects of a bucket."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        return [one["Key"] for page in pages for one in page.get("Contents", ())]


@contextmanager
def buckets() -> Iterator[Buckets]:
    """Give the store for a while."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    found = Buckets(f"http://{host}:{port}")
    urlopen(Request(f"http://{host}:{port}/moto-api/reset", method="POST")).close()  # our own server
    try:
        yield found
    finally:
        found.client.close()
        server.stop()
