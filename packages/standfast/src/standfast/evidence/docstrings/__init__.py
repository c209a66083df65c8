"""Whether the public interface is documented, and whether the documentation fits."""
