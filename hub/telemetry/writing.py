"""Writes lines through influxdb-client, to whatever speaks InfluxDB's v2 write API."""

from typing import Any, Final

from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import SYNCHRONOUS
from influxdb_client.domain.write_precision import WritePrecision
from influxdb_client.rest import ApiException
from urllib3.exceptions import HTTPError

from hub.telemetry.http import READ_S, refusal
from hub.telemetry.server import AwayError

_TIMEOUT_MS: Final = int(READ_S * 1000)


class LineWriter:
    """One bucket of one organisation. It tries once; who calls it knows when to try again."""

    def __init__(self, url: str, *, org: str, bucket: str, token: str | None) -> None:
        self._bucket = bucket
        client: Any = InfluxDBClient  # its signature takes no token for text alone
        self._client = client(
            url, token=token, org=org, timeout=_TIMEOUT_MS, retries=False, enable_gzip=True
        )
        self._api = self._client.write_api(write_options=SYNCHRONOUS)

    def write(self, lines: bytes) -> None:
        """See `Server.write`."""
        try:
            self._api.write(self._bucket, record=lines, write_precision=WritePrecision.MS)
        except ApiException as error:
            raise refusal(error.status, error.body, error.headers) from None
        except HTTPError as error:
            raise AwayError(f"does not answer ({type(error).__name__})") from None

    def close(self) -> None:
        """Let go of connections."""
        self._api.close()
        self._client.close()
