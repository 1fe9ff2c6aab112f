"""AWS, spoken to without its SDK: the three services that somebody waits for, at half of a cold start.

botocore reads a megabyte of descriptions and imports 200 modules before its first request. What is here says the same
requests over urllib3, and raises botocore's own exceptions, which cost little. docs/decisions/0018-own-transport.md
says what is kept and what is not.
"""
