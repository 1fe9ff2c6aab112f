"""The only code of this service that knows DynamoDB, its streams, tokens and browsers."""
