"""The house of one process with the parts of AWS that a booking itself does without."""

import io
from typing import Any

from tests.miniature.house import Miniature

HOST, GUEST, RIVAL = "host", "guest", "rival"
WEBHOOK_SECRET = "whsec_of_the_walk"
SETTINGS = {
    "COURIER": "ses",
    "MAIL_SENDER": "messages@staybook.example",
    "MAX_OPEN_BOOKINGS_PARAMETER": "/staybook/reservation/max_reservation_per_person",
    "TAKES_BOOKINGS_PARAMETER": "/staybook/reservation/takes_bookings",
    "TAKES_ROOMS_PARAMETER": "/staybook/room/takes_rooms",
    "SENDS_MAIL_PARAMETER": "/staybook/message/sends_mail",
    "STRIPE_WEBHOOK_SECRET_PARAMETER": "/staybook/payment/stripe-webhook-secret",
}
STRIPE_KEY = "/staybook/payment/stripe-api-key"
_PARAMETERS = {
    SETTINGS["MAX_OPEN_BOOKINGS_PARAMETER"]: "3",
    SETTINGS["STRIPE_WEBHOOK_SECRET_PARAMETER"]: WEBHOOK_SECRET,
    STRIPE_KEY: "sk_of_the_walk",
}
_JPEG = b"\xff\xd8\xff\xe0 and so on"


class FurnishedHouse(Miniature):
    """With pictures, mail and parameters."""

    def aws(self, service: str, operation: str, request: dict[str, Any]) -> Any:
        if service in ("dynamodb", "events", "sqs"):
            return super().aws(service, operation, request)
        self.watch.see(service, operation, request)
        if operation == "GetParameter":
            return {"Parameter": {"Value": _PARAMETERS[request["Name"]]}}
        if operation == "GetParameters":
            found = [{"Name": name, "Value": _PARAMETERS.get(name, "on")} for name in request["Names"]]
            return {"Parameters": found}
        if operation == "ListObjectsV2":
            return {"Contents": [{"Key": f"{request['Prefix']}PHOTO"}]}
        return {"Body": io.BytesIO(_JPEG), "ContentType": "image/jpeg"} if operation == "GetObject" else {}
