"""The only code here that knows DynamoDB and Lambda."""
