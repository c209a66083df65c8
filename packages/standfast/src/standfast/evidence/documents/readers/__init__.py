"""Pure readers: the text of one document in, its typed content out."""
