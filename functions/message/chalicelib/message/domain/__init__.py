"""What people are told, in which words, and how they wish to be reached. Pure."""
