"""The public interface is documented."""
