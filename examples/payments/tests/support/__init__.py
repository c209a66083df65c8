"""What tests share: values, fakes, and a whole application under control."""
