"""Write the API's document and its readable page, as the code says them.

python -m infra.openapi
"""

from infra.openapi.files import write

if __name__ == "__main__":
    write()
