"""What several report formats share: reading order, wording, safe text, lines on a terminal."""
