"""The child's side: takes a source, then calls of its functions, and sends arrays back.

Everything here shares a process with the code that is judged, so nothing here decides anything:
the answers are claims, and whoever forges one forges only an answer.
"""

import contextlib
import errno
import inspect
import linecache
import os
import sys
import traceback
from types import CodeType, FrameType
from typing import Any

import numpy as np

MAX_MESSAGE = 4000
MAX_SEEN = 2000
PARTIAL = "a tensor without all its values"
FILE, MODULE = "<submission>", "submission"


def serve(source: int, sink: int, wire: Any, ready: dict[str, Any]) -> None:
    """Answers the judge, one frame for each, until it closes the pipe."""
    read = reader(source)
    work = Work(wire)
    send(sink, wire.pack(ready, []))
    while True:
        header, arrays = wire.unpack(read)
        try:
            frame = wire.pack(*work.answer(header, arrays))
        except BaseException as error:
            frame = wire.pack(failure(error), [])
        with contextlib.suppress(Exception):  # it may have closed or replaced them
            sys.stdout.flush()
            sys.stderr.flush()
        send(sink, frame)


def reader(fd: int) -> Any:
    def read(count: int) -> bytes:
        parts = []
        while count:
            part = os.read(fd, min(count, 1 << 20))
            if not part:
                os._exit(0)  # the judge is gone
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    return read


def send(fd: int, frame: bytes) -> None:
    view = memoryview(frame)
    while view:
        view = view[os.write(fd, view) :]


Answer = tuple[dict[str, Any], list[Any]]


class Work:
    """The submission's namespace, and the object it made if it is a class."""

    def __init__(self, wire: Any) -> None:
        self.wire = wire
        self.namespace: dict[str, Any] = {}
        self.made: Any = None
        self.is_torch = False

    def answer(self, header: dict[str, Any], arrays: list[Any]) -> Answer:
        match header["do"]:
            case "load":
                return self.load(header["source"], header["names"], header["language"])
            case "script":
                return self.script(header["source"])
            case "trace":
                return self.trace(header, arrays)
            case _:
                return self.call(header, arrays)

    def load(self, source: str, names: list[str], language: str) -> Answer:
        """Runs the module; answers with the signatures of those names that it defines."""
        self.is_torch = language == "torch"
        if self.is_torch:
            sys.modules["torch"].compile = no_compiler  # type: ignore[attr-defined]
        self.namespace = {"__name__": MODULE, "__builtins__": __builtins__}
        # torch.jit.script reads the source.
        linecache.cache[FILE] = (len(source), None, source.splitlines(keepends=True), FILE)
        code: CodeType = compile(source, FILE, "exec")
        exec(code, self.namespace)
        found = {name: self.namespace.get(name) for name in names}
        return {"signatures": {n: signature(f) for n, f in found.items() if callable(f)}}, []

    def script(self, source: str) -> Answer:
        """Runs a program as `python FILE` would; what it prints goes to standard output."""
        try:
            exec(compile(source, FILE, "exec"), {"__name__": "__main__"})
        except BaseException:
            sys.stdout.flush()
            traceback.print_exc()
        return {}, []

    def call(self, header: dict[str, Any], arrays: list[Any]) -> Answer:
        """One call: its results, the names of inputs that it changed, and, where `wrt` names
        arguments of a torch submission, the gradients of sum(first result * dy)."""
        given, arguments = self.prepared(header, arrays)
        wrt = header.get("wrt", [])
        for name in wrt:
            arguments[name].requires_grad_(True)
        result = self.target(header)(**arguments)
        if header.get("makes"):
            self.made = result
            return {"kinds": [], "changed": self.changed(header, arrays, given)}, []
        results = list(result) if isinstance(result, tuple) else [result]
        kinds, sent = self.as_arrays(results)
        answer = {"kinds": kinds, "changed": self.changed(header, arrays, given)}
        if wrt:
            gradients, rest = self.gradients(results, given[header["dy"]], arguments, wrt)
            answer["gradients"], sent = gradients, sent + rest
        return answer, sent

    def prepared(self, header: dict[str, Any], arrays: list[Any]) -> tuple[list[Any], Any]:
        """Its own arrays, and the arguments that hold them."""
        given = [self.own(a) for a in arrays]
        return given, self.wire.join(header["arguments"], given, self.rng)

    def target(self, header: dict[str, Any]) -> Any:
        if header.get("method"):
            return getattr(self.made, header["method"])
        return self.namespace[header["function"]]

    def own(self, array: Any) -> Any:
        """A copy, as a tensor in torch: what comes from the wire is compared with afterwards."""
        if not self.is_torch:
            return array.copy()
        import torch

        return torch.from_numpy(array.copy())

    def rng(self, seed: int) -> Any:
        if not self.is_torch:
            return np.random.default_rng(seed)
        import torch

        return torch.Generator().manual_seed(seed)

    def as_arrays(self, results: list[Any]) -> tuple[list[str], list[Any]]:
        """The kind of each result, and those that can travel."""
        kinds, sent = [], []
        for result in results:
            kind, array = self.as_array(result)
            kinds.append(kind)
            if array is not None:
                sent.append(array)
        return kinds, sent

    def as_array(self, result: Any) -> tuple[str, Any]:
        """`array` or `scalar` and its value, else the name of its type and None.

        By its real type: a subclass may claim anything, and is stripped of what it overrides."""
        kind = type(result)
        if issubclass(kind, (np.ndarray, np.generic)):
            if result.nbytes > self.wire.MAX_BYTES:
                return "an array that is far too large", None
            array = np.array(result, subok=False)
            if array.dtype.newbyteorder("<").str in self.wire.ITEM_BYTES:
                return "array", array
            return f"an array of {array.dtype}", None
        if kind in (bool, int, float):
            number = np.asarray(result)
            if number.dtype.str in self.wire.ITEM_BYTES:
                return "scalar", number
            return kind.__name__, None
        torch = sys.modules.get("torch")
        if torch is not None and issubclass(kind, torch.Tensor):
            if not self.is_torch:
                return "torch.Tensor", None
            with torch._C.DisableTorchFunctionSubclass():
                try:
                    plain = result.detach().as_subclass(torch.Tensor)
                except NotImplementedError:  # it has no storage, as a sparse one
                    return PARTIAL, None
                return self.as_array_of_tensor(plain)
        return kind.__name__, None

    def as_array_of_tensor(self, tensor: Any) -> tuple[str, Any]:
        torch = sys.modules["torch"]
        if tensor.layout is not torch.strided or tensor.is_meta:
            return PARTIAL, None
        if tensor.nelement() * tensor.element_size() > self.wire.MAX_BYTES:
            return "an array that is far too large", None
        if tensor.dtype is torch.bfloat16:
            return "an array of bfloat16", None
        plain = tensor.cpu().resolve_conj().resolve_neg()
        return self.as_array(plain.numpy().copy())

    def changed(self, header: dict[str, Any], arrays: list[Any], given: list[Any]) -> list[str]:
        def is_changed(index: int) -> bool:
            now = given[index].detach().numpy() if self.is_torch else given[index]
            return not np.array_equal(arrays[index], now, equal_nan=arrays[index].dtype.kind == "f")

        places = self.wire.places(header["arguments"])
        return [name for name, indices in places.items() if any(map(is_changed, indices))]

    def gradients(
        self, results: list[Any], dy: Any, arguments: dict[str, Any], wrt: list[str]
    ) -> tuple[list[str], list[Any]]:
        first = results[0]
        if hasattr(first, "requires_grad") and first.requires_grad and first.shape == dy.shape:
            # Not first.backward(dy): that imports sympy.
            (first * dy).sum().backward()
        return self.as_arrays([arguments[name].grad for name in wrt])

    def trace(self, header: dict[str, Any], arrays: list[Any]) -> Answer:
        """The same call, watched: the names of what it called outside of the submission."""
        seen: dict[str, None] = {}

        def watch(frame: FrameType, event: str, called: Any) -> None:
            if len(seen) < MAX_SEEN:
                code = frame.f_code
                is_body = not code.co_flags & inspect.CO_OPTIMIZED  # of a module or a class
                # What dataclasses and namedtuples write themselves is in no file.
                is_outside = code.co_filename not in (FILE, "<string>")
                if event == "call" and is_outside and not is_body:
                    seen[f"{frame.f_globals.get('__name__')}.{code.co_qualname}"] = None
                elif event == "c_call" and called is not sys.setprofile:
                    owner = owner_of(called)
                    if owner != MODULE:  # as apply of its own torch.autograd.Function
                        seen[f"{owner}.{getattr(called, '__qualname__', '')}"] = None

        _, arguments = self.prepared(header, arrays)
        target = self.target(header)
        with self.dispatched(seen):
            sys.setprofile(watch)
            try:
                result = target(**arguments)
            finally:
                sys.setprofile(None)
        if header.get("makes"):
            self.made = result
        return {"seen": list(seen)}, []

    def dispatched(self, seen: dict[str, None]) -> Any:
        """Notes every operator that torch dispatches, whoever calls it."""
        if "torch" not in sys.modules:
            return contextlib.nullcontext()
        from torch.utils._python_dispatch import TorchDispatchMode

        class Watch(TorchDispatchMode):  # type: ignore[misc]
            @classmethod
            def _should_skip_dynamo(cls) -> bool:
                return False  # True imports torch._dynamo, which takes seconds

            def __torch_dispatch__(
                self, function: Any, types: Any, args: Any = (), kwargs: Any = None
            ) -> Any:
                seen[str(function)] = None
                return function(*args, **(kwargs or {}))

        return Watch()


def owner_of(called: Any) -> str:
    """The module of a C function; of a method, that of its class; torch's have none."""
    module = getattr(called, "__module__", None)
    of = getattr(called, "__self__", None)
    if module is None and of is not None and not inspect.ismodule(of):
        module = getattr(of if inspect.isclass(of) else type(of), "__module__", None)
    return module or "torch"


MARKS: dict[Any, str] = {
    inspect.Parameter.VAR_POSITIONAL: "*",
    inspect.Parameter.VAR_KEYWORD: "*",
    inspect.Parameter.POSITIONAL_ONLY: "/",
}


PLAIN = (bool, int, float, str)


def default_of(value: Any) -> Any:
    """A default that JSON can tell, else None."""
    is_plain = type(value) in PLAIN
    is_tuple = type(value) is tuple and all(type(v) in PLAIN for v in value)
    return value if is_plain or is_tuple else None


def signature(function: Any) -> list[list[Any]] | None:
    """[name, has a default, the default if it is plain data] of each parameter; `*name` takes
    whatever comes, `/name` cannot be given by name. None: nobody knows, as of max."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    empty = inspect.Parameter.empty
    return [
        [
            MARKS.get(p.kind, "") + p.name,
            p.default is not empty,
            default_of(p.default),
        ]
        for p in parameters
    ]


def failure(error: BaseException) -> dict[str, Any]:
    """An exception as data, with its place in the submission and what lay behind it."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == FILE]
    line = frames[-1].lineno if frames else getattr(error, "lineno", None)
    message = ""
    with contextlib.suppress(BaseException):  # its own __str__ may raise
        # Of a SyntaxError also str() tells file and line.
        message = str(error.msg if isinstance(error, SyntaxError) else error)[:MAX_MESSAGE]
    return {
        "raised": type(error).__name__,
        "message": message,
        "line": line if isinstance(line, int) else None,
        "refused": refusal(error),
    }


REFUSED = (errno.EPERM, errno.EACCES, errno.ENOSYS, errno.EFBIG)
# The module that asked, innermost last, and what it asked for.
ASKED = {
    "torch.utils.data": "workers",
    "multiprocessing": "workers",
    "concurrent.futures.process": "workers",
    "subprocess": "programs",
    "tempfile": "files",
    "socket": "network",
    "urllib": "network",
}


class NoCompiler(PermissionError):
    """What torch.compile raises here, before it has spent seconds on finding out."""


def no_compiler(*_: Any, **__: Any) -> Any:
    raise NoCompiler(errno.EPERM, "torch.compile starts a compiler")


def refusal(error: BaseException | None) -> str:
    """What of the machine the submission asked for and was refused; empty if it was not that."""
    chain: list[BaseException] = []
    while error is not None and len(chain) < 8:
        chain.append(error)
        error = error.__cause__ or error.__context__
    if any(isinstance(e, NoCompiler) for e in chain):
        return "torch.compile"
    refused = [e for e in chain if is_refused(e)]
    if not refused:
        return ""
    frames = (frame for e in chain for frame, _ in traceback.walk_tb(e.__traceback__))
    names = [str(frame.f_globals.get("__name__", "")) for frame in frames]
    asked = (what for name in names for m, what in ASKED.items() if name.startswith(m))
    # The filter says EPERM and names no file; Landlock says EACCES.
    is_call = all(getattr(e, "errno", 0) == errno.EPERM for e in refused)
    return next(asked, "programs" if is_call else "files")


def is_refused(error: BaseException) -> bool:
    if isinstance(error, OSError):
        is_unasked = type(error).__name__ == "gaierror"  # no name server could be asked
        return is_unasked or error.errno in REFUSED or "No usable temporary" in str(error)
    # torch writes files by itself.
    return isinstance(error, RuntimeError) and "open file failed" in str(error)
