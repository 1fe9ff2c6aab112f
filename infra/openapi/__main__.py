"""Write the API's document, its readable page and the catalogue of problems, as the code says them.

python -m infra.openapi
"""

from infra.openapi.files import write

if __name__ == "__main__":
    write()
