"""The shared kernel: the only code that two services share. A library, not a Lambda.

Pure words: `ids money stay clock words events outbox errors pages`.
Doors and adapters every service needs: `http hal problems identity settings logs budget` inbound,
`stream relay consumer` for events, `direct remote` for one function asking another, `dynamo pynamo` for storage,
`aws wire` for AWS.
"""

import gc

gc.set_threshold(50_000)  # a start makes 50,000 objects that stay; looking among them for garbage is 5% of it
