"""Drops files on a window as a file manager does: the XDND protocol, version 5, through Xlib. Standard library only."""

import ctypes
import pathlib
import time
from ctypes import c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p

X = ctypes.CDLL("libX11.so.6")
CLIENT_MESSAGE, SELECTION_NOTIFY, SELECTION_REQUEST = 33, 31, 30
REPLACE = 0

for name, result, arguments in (
        ("XOpenDisplay", c_void_p, [c_char_p]), ("XCloseDisplay", c_int, [c_void_p]), ("XDefaultRootWindow", c_ulong, [c_void_p]),
        ("XInternAtom", c_ulong, [c_void_p, c_char_p, c_int]), ("XFlush", c_int, [c_void_p]), ("XPending", c_int, [c_void_p]),
        ("XCreateSimpleWindow", c_ulong, [c_void_p, c_ulong, c_int, c_int, c_uint, c_uint, c_uint, c_ulong, c_ulong]),
        ("XSetSelectionOwner", c_int, [c_void_p, c_ulong, c_ulong, c_ulong]), ("XNextEvent", c_int, [c_void_p, c_void_p]),
        ("XSendEvent", c_int, [c_void_p, c_ulong, c_int, c_long, c_void_p]), ("XFree", c_int, [c_void_p]),
        ("XChangeProperty", c_int, [c_void_p, c_ulong, c_ulong, c_ulong, c_int, c_int, c_char_p, c_int]),
        ("XQueryTree", c_int, [c_void_p, c_ulong, c_void_p, c_void_p, c_void_p, c_void_p]),
        ("XListProperties", c_void_p, [c_void_p, c_ulong, c_void_p])):
    function = getattr(X, name)
    function.restype, function.argtypes = result, arguments


class ClientMessage(ctypes.Structure):
    _fields_ = [("type", c_int), ("serial", c_ulong), ("send_event", c_int), ("display", c_void_p), ("window", c_ulong), ("message_type", c_ulong),
                ("format", c_int), ("data", c_long * 5)]


class SelectionRequest(ctypes.Structure):
    _fields_ = [("type", c_int), ("serial", c_ulong), ("send_event", c_int), ("display", c_void_p), ("owner", c_ulong), ("requestor", c_ulong),
                ("selection", c_ulong), ("target", c_ulong), ("property", c_ulong), ("time", c_ulong)]


class SelectionAnswer(ctypes.Structure):
    _fields_ = [("type", c_int), ("serial", c_ulong), ("send_event", c_int), ("display", c_void_p), ("requestor", c_ulong), ("selection", c_ulong),
                ("target", c_ulong), ("property", c_ulong), ("time", c_ulong)]


class Event(ctypes.Union):
    _fields_ = [("type", c_int), ("message", ClientMessage), ("request", SelectionRequest), ("answer", SelectionAnswer), ("pad", c_long * 24)]


class Hand:
    """A window of its own that holds the files."""

    def __init__(self, display):
        self.display = X.XOpenDisplay(display.encode())
        assert self.display, "no display"
        self.root = X.XDefaultRootWindow(self.display)
        self.window = X.XCreateSimpleWindow(self.display, self.root, 0, 0, 1, 1, 0, 0, 0)

    def atom(self, name):
        return X.XInternAtom(self.display, name.encode(), 0)

    def children(self, window):
        root, parent, list_of, count = c_ulong(), c_ulong(), c_void_p(), c_uint()
        X.XQueryTree(self.display, window, ctypes.byref(root), ctypes.byref(parent), ctypes.byref(list_of), ctypes.byref(count))
        found = list(ctypes.cast(list_of, ctypes.POINTER(c_ulong))[:count.value]) if list_of else []
        if list_of:
            X.XFree(list_of)
        return found

    def takes_drops(self, window):
        count = c_int()
        atoms = X.XListProperties(self.display, window, ctypes.byref(count))
        found = list(ctypes.cast(atoms, ctypes.POINTER(c_ulong))[:count.value]) if atoms else []
        if atoms:
            X.XFree(atoms)
        return self.atom("XdndAware") in found

    def target(self, window):
        for child in self.children(window):
            if self.takes_drops(child):
                return child
            if deeper := self.target(child):
                return deeper
        return 0

    def send(self, target, kind, *data):
        event = Event()
        event.message = ClientMessage(CLIENT_MESSAGE, 0, 1, self.display, target, self.atom(kind), 32, (c_long * 5)(*(list(data) + [0] * (5 - len(data)))))
        X.XSendEvent(self.display, target, 0, 0, ctypes.byref(event))
        X.XFlush(self.display)

    def answer(self, request, content):
        X.XChangeProperty(self.display, request.requestor, request.property, request.target, 8, REPLACE, content, len(content))
        event = Event()
        event.answer = SelectionAnswer(SELECTION_NOTIFY, 0, 1, self.display, request.requestor, request.selection, request.target, request.property, request.time)
        X.XSendEvent(self.display, request.requestor, 0, 0, ctypes.byref(event))
        X.XFlush(self.display)

    def wait_for(self, kind, content=b"", seconds=20):
        until = time.monotonic() + seconds
        event = Event()
        while time.monotonic() < until:
            if not X.XPending(self.display):
                time.sleep(0.02)
                continue
            X.XNextEvent(self.display, ctypes.byref(event))
            if event.type == SELECTION_REQUEST:
                self.answer(event.request, content)
            elif event.type == CLIENT_MESSAGE and event.message.message_type == self.atom(kind):
                return
        raise AssertionError(f"the window did not answer with {kind}")

    def drop(self, paths, x, y):
        content = "".join(pathlib.Path(path).as_uri() + "\r\n" for path in paths).encode()
        target = self.target(self.root)
        assert target, "no window takes drops"
        X.XSetSelectionOwner(self.display, self.atom("XdndSelection"), self.window, 0)
        self.send(target, "XdndEnter", self.window, 5 << 24, self.atom("text/uri-list"))
        self.send(target, "XdndPosition", self.window, 0, x << 16 | y, 0, self.atom("XdndActionCopy"))
        self.wait_for("XdndStatus")
        self.send(target, "XdndDrop", self.window, 0, 0)
        self.wait_for("XdndFinished", content)
        X.XCloseDisplay(self.display)


def drop(studio, *paths):
    width, height = studio.map()["window"]
    Hand(studio.display.name).drop(paths, width // 2, height // 2)
