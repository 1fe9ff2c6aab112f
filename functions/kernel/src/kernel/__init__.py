"""The shared kernel: the only code that two services share. A library, not a Lambda.

Pure words: `ids money stay clock chance words events outbox lexicon packing errors pages deciding`.
Doors: `http answers hal problems identity inputs promises health`; `stream relay aside consumer` for events;
`direct remote` for one function asking another. Adapters: `dynamo pynamo cursors` for storage, `aws wire` for AWS.
Everywhere: `settings parameters budget logs metrics`.
"""

import gc

gc.set_threshold(50_000)  # a start makes 50,000 objects that stay; looking among them for garbage is 5% of it
