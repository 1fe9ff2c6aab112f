"""The only code of this service that knows DynamoDB and S3."""
