"""The only code here that knows DynamoDB and the payment provider."""
