"""The only code of this service that knows DynamoDB, SQS and SES."""
