"""What may differ on a server: lists, and a database that goes away for a while."""

from __future__ import annotations

import contextlib
import socket
import threading
import unittest
from typing import List
from urllib.parse import urlsplit

import processtracker as pt

from . import test_extracts
from .fixtures import POSTGRES, OnPostgres


class TestExtractsOnPostgres(OnPostgres, test_extracts.TestExtracts):
    pass


class TestListsOnPostgres(OnPostgres, test_extracts.TestLists):
    pass


class TestAway(OnPostgres):
    """The database behind a proxy that can cut its connections, and refuse new ones."""

    def setUp(self) -> None:
        super().setUp()
        self.server = urlsplit(POSTGRES)
        self.open: List[socket.socket] = []
        self.away = False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.listener.close)
        threading.Thread(target=self.accept, daemon=True).start()
        near = f"127.0.0.1:{self.listener.getsockname()[1]}"
        self.far = self.dsn.replace(f"{self.server.hostname}:{self.server.port}", near)
        self.assertIn(near, self.far)

    def accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if self.away:
                client.close()
                continue
            server = socket.create_connection((self.server.hostname, self.server.port or 5432))
            self.open += [client, server]
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self.copy, args=(source, sink), daemon=True).start()

    def copy(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while True:
                data = source.recv(1 << 16)
                if not data:
                    break
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            end.close()

    def cut(self) -> None:
        self.away = True
        for end in self.open:
            with contextlib.suppress(OSError):  # it has gone already
                end.shutdown(socket.SHUT_RDWR)
        self.open.clear()

    def test_a_run_outlives_a_database_that_is_away_for_a_while(self) -> None:
        tracker = pt.connect(self.far)
        self.addCleanup(tracker.close)
        with tracker.run("P") as run:
            run.counts(records=1)
            self.cut()
            with self.assertRaises(pt.ConnectionFailed) as caught:
                run.counts(records=2)
            self.assertEqual(caught.exception.name, "disconnected")
            self.away = False
            run.counts(records=3)
            self.assertFalse(run.lost.is_set())
        info = self.only_run(self.connect(), "P")
        self.assertEqual((info.status, info.counts.records), ("completed", 3))


if __name__ == "__main__":
    unittest.main()
