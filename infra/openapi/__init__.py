"""The API as an OpenAPI 3.1 document, made from the routes, their promises and the errors of the code."""
