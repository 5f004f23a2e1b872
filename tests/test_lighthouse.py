"""What Lighthouse says of the pages a reader meets first, as a phone on a slow line would show them.

Lighthouse comes from the npm registry and is no part of the project: ``tests/tools/package.json`` names the release,
and ``npm install --prefix build/node --no-package-lock`` with that file there puts it where these tests look.
"""

from __future__ import annotations
