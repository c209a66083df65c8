"""Which names of fields say that they hold card data."""

from standfast.evidence.fields.field import Field, Words, words_of

_HARMLESS = frozenset(
    {
        *("token", "tokens", "tokenised", "tokenized", "last", "last4", "mask", "masked", "masking", "truncated"),
        *("hash", "hashed", "fingerprint", "surcharge", "amount", "fee", "fees", "price", "brand", "type", "types"),
        *("count", "total", "enabled", "allowed", "accepted", "supported", "required", "valid", "invalid", "error"),
        *("errors", "message", "label", "help", "regex", "pattern", "length", "url", "uri", "id", "ids", "status"),
        *("state", "expiry", "expires", "expiration", "issuer", "bin", "iin", "network", "scheme", "reference", "ref"),
        *("limit", "holder", "name", "present", "provided", "result", "response", "match", "matched"),
    }
)
_NUMBER = frozenset(
    {
        *("cardnumber", "cardno", "cardnum", "ccnumber", "ccno", "ccnum", "creditcard", "creditcardnumber", "pan"),
        *("creditcardno", "creditcardnum", "debitcard", "debitcardnumber", "primaryaccountnumber", "accountpan"),
        *("paymentcardnumber", "bankcardnumber", "cardpan", "fullpan", "encryptedpan"),
    }
)
_CODE = frozenset(
    {
        *("cvv", "cvv2", "cvc", "cvc2", "cav2", "cvn", "cardverification", "cardverificationvalue"),
        *("cardverificationcode", "cardsecuritycode", "cardcode", "cvvcode", "cvccode"),
    }
)
_TRACK = frozenset(
    {"track1", "track2", "trackdata", "track1data", "track2data", "magstripe", "magneticstripe", "magstripedata"}
)
_PIN = frozenset({"pinblock", "cardpin", "encryptedpin", "encryptedpinblock"})
_KINDS = {
    "number": Words(_NUMBER, _HARMLESS),
    "code": Words(_CODE, _HARMLESS),
    "track": Words(_TRACK, _HARMLESS),
    "pin": Words(_PIN, _HARMLESS),
}
_CARD_OWNERS = frozenset({"card", "cards", "bankcard", "creditcard", "debitcard", "paymentcard"})
_PLAIN_NUMBERS = frozenset({"number", "no", "num", "digits"})
_PLAIN_CODES = frozenset({"securitycode", "verificationcode", "verificationvalue"})


def card_data_in(field: Field) -> str:
    """Return what *field* holds of a card (``number``, ``code``, ``track``, ``pin``); ``""`` where nothing.

    A bare ``number`` is one in something that is called a card.
    """
    for kind, words in _KINDS.items():
        if words.found_in(field.name):
            return kind
    name = "".join(words_of(field.name))
    if not _CARD_OWNERS.isdisjoint(words_of(field.owner)):
        return "number" if name in _PLAIN_NUMBERS else "code" if name in _PLAIN_CODES else ""
    return ""
