"""A small server: Prefect's server, a worker and the deployments, as processes that are kept running."""

from __future__ import annotations

import fcntl
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from tasks.serving.child import Child
from tasks.serving.deploy import TICK, deploy, prefect, prepare
from tasks.serving.prefect_api import POOL, PrefectAPI, PrefectError
from tasks.serving.recovery import kill_processes, processes, reap
from tasks.serving.variables import variables
from tasks.settings import Settings, revealed

START_SECONDS = 300.0
"""What Prefect's server has to answer after its start; on a slow machine its first one takes a minute."""
RUNS_SECONDS = 30.0
"""What runs have to end when the server is told to stop; then they are killed, which the lake bears."""
STOP_SECONDS = 15.0
"""What Prefect's server has to end."""


class Server:
    """Prefect's server and a worker for ``settings``; ``told`` gets what a person should read, a line each."""

    def __init__(self, settings: Settings, deployments: Path, told: Callable[[str], None]) -> None:
        """Start nothing yet."""
        self.home = settings.home.expanduser().resolve()
        self.address = settings.server
        self._settings, self._deployments, self._told = settings, deployments.resolve(), told
        self._environment = variables(settings, self.home)
        self._api = PrefectAPI(f"{self.address}/api", revealed(settings.prefect_api_auth_string))
        self._server = self._child(
            "Prefect's server",
            *("server", "start", "--host", settings.host, "--port", str(settings.port)),
            quiet=True,
        )
        self._to_reap = False
        self._worker = self._child(
            "worker", "worker", "start", "--pool", POOL, "--name", socket.gethostname()
        )

    def _child(self, name: str, *arguments: str, quiet: bool = False) -> Child:
        return Child(name, prefect(*arguments), self._environment, self._told, quiet=quiet)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the home. Raises PrefectError where another process does, or another one has the port."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.home / "serve.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise PrefectError(
                    f"another `newslake serve` has {self.home}: stop it, or give --home"
                ) from error
            self._require_port()
            yield

    def _require_port(self) -> None:
        host, port = self._settings.host, self._settings.port
        family, *_, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(place)
            except OSError as error:
                raise PrefectError(
                    f"cannot listen on {host}:{port}: {error.strerror}; give --port"
                ) from error

    def run(self, stopping: Callable[[], bool]) -> None:
        """Start everything, keep it running until ``stopping``, and stop it. Raises PrefectError."""
        with closing(self._api):
            self._server.start()
            try:
                if self._answers(stopping):
                    self._prepare(stopping)
                while not stopping():
                    self._look_after()
                    time.sleep(TICK)
            finally:
                self._stop()

    def _answers(self, stopping: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while not self._api.healthy:
            if stopping():
                return False
            if time.monotonic() > deadline:
                raise PrefectError(f"Prefect's server has not started within {START_SECONDS:.0f} s")
            if not self._server.running:
                raise PrefectError("Prefect's server does not start; what it said is above")
            time.sleep(TICK)
        return True

    def _prepare(self, stopping: Callable[[], bool]) -> None:
        prepare(self._api)
        self._reap()  # what lives on since this process was killed ends by itself
        self._worker.start()
        try:
            deploy(self._api, self._deployments, self._environment, self._told, stopping)
        except PrefectError:
            if not stopping():
                raise
        if not stopping():
            self._told(f"Prefect's pages: {self.address}")
            for name, moment in self._api.next_runs():
                self._told(f"next run of {name}: {datetime.fromisoformat(moment):%Y-%m-%d %H:%M} UTC")

    def _look_after(self) -> None:
        self._server.look_after()
        self._server.start_when_due()
        self._to_reap |= self._worker.look_after()
        if self._to_reap and self._api.healthy:
            self._reap()  # runs whose processes live on tell Prefect themselves
        if not self._to_reap:  # what a new worker begins has no process yet
            self._worker.start_when_due()
        for child in (self._server, self._worker):
            if child.hopeless:  # an end of this process is what others look for
                raise PrefectError(f"{child.name} does not keep running; what it said is above")

    def _reap(self) -> None:
        try:
            for name in reap(self._api, self.home):
                self._told(f"run {name} has crashed: its process is gone")
            self._to_reap = False
        except PrefectError as error:
            self._told(str(error))

    def _stop(self) -> None:
        """The worker first, which takes no more runs; then runs; then the server, which is told of the runs' end."""
        self._worker.ask_to_stop()
        deadline = time.monotonic() + RUNS_SECONDS
        if any(processes(self.home)):
            self._told(f"stopping: runs have {RUNS_SECONDS:.0f} s to end")
        while any(processes(self.home)) and time.monotonic() < deadline:
            time.sleep(TICK)
        if killed := kill_processes(self.home):
            self._told(f"killed {killed} processes of runs; the next run does the rest")
        self._worker.stop(STOP_SECONDS)
        if self._server.running and self._api.healthy:
            self._reap()
        self._server.ask_to_stop()
        self._server.stop(STOP_SECONDS)
