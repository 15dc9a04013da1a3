"""Another program on the same display, through Xlib: it owns selections and asks for them (in pieces, too), and takes drops. Standard
library only. It answers only while it is told to."""

import ctypes
import struct
import time
from ctypes import c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p

from drop import CLIENT_MESSAGE, REPLACE, SELECTION_NOTIFY, SELECTION_REQUEST, Event, Hand, SelectionAnswer, X

PROPERTY_NOTIFY, DELETED, PROPERTY_CHANGES = 28, 1, 1 << 22
PIECE = 64 << 10

for name, result, arguments in (
        ("XConvertSelection", c_int, [c_void_p, c_ulong, c_ulong, c_ulong, c_ulong, c_ulong]), ("XSelectInput", c_int, [c_void_p, c_ulong, c_long]),
        ("XGetWindowProperty", c_int, [c_void_p, c_ulong, c_ulong, c_long, c_long, c_int, c_ulong, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p]),
        ("XDeleteProperty", c_int, [c_void_p, c_ulong, c_ulong]), ("XMapRaised", c_int, [c_void_p, c_ulong]), ("XUnmapWindow", c_int, [c_void_p, c_ulong]),
        ("XGetAtomName", c_void_p, [c_void_p, c_ulong]), ("XMoveResizeWindow", c_int, [c_void_p, c_ulong, c_int, c_int, c_uint, c_uint])):
    function = getattr(X, name)
    function.restype, function.argtypes = result, arguments


class PropertyChange(ctypes.Structure):
    _fields_ = [("type", c_int), ("serial", c_ulong), ("send_event", c_int), ("display", c_void_p), ("window", c_ulong), ("atom", c_ulong), ("time", c_ulong),
                ("state", c_int)]


class OtherProgram(Hand):
    def __init__(self, display):
        super().__init__(display)
        X.XSelectInput(self.display, self.window, PROPERTY_CHANGES)
        self.contents, self.transfers = {}, {}
        self.incr_from = 256 << 10
        self.accepts, self.source, self.told = True, 0, []
        self.dropped = None

    def name(self, atom):
        text = X.XGetAtomName(self.display, atom)
        found = ctypes.cast(text, c_char_p).value.decode()
        X.XFree(text)
        return found

    def property(self, window, name):
        """Its type and bytes (32-bit values as native longs), and it is gone."""
        kind, size, count, left, data = c_ulong(), c_int(), c_ulong(), c_ulong(), c_void_p()
        X.XGetWindowProperty(self.display, window, name, 0, 1 << 24, 1, 0, *map(ctypes.byref, (kind, size, count, left, data)))
        assert left.value == 0
        width = {0: 0, 8: 1, 16: 2, 32: ctypes.sizeof(c_long)}[size.value]
        found = ctypes.string_at(data, count.value * width) if data else b""
        if data:
            X.XFree(data)
        return self.name(kind.value) if kind.value else None, found

    def set_values(self, window, name, kind, values):
        X.XChangeProperty(self.display, window, name, self.atom(kind), 32, REPLACE, bytes((c_long * len(values))(*values)), len(values))

    def events(self):
        X.XFlush(self.display)
        while X.XPending(self.display):
            event = Event()
            X.XNextEvent(self.display, ctypes.byref(event))
            yield event

    def serve(self, until, what, seconds=60):
        """Answers others until `until` holds; its value."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for event in self.events():
                self.take(event)
            if found := until():
                return found
            time.sleep(0.01)
        raise AssertionError(f"waited in vain for: {what}")

    def take(self, event):
        if event.type == SELECTION_REQUEST:
            self.give(event.request)
        elif event.type == PROPERTY_NOTIFY:
            self.give_piece(PropertyChange.from_buffer_copy(event))
        elif event.type == SELECTION_NOTIFY and self.source:
            self.dropped = self.property(self.window, event.answer.property)[1].decode()
            self.send(self.source, "XdndFinished", self.window, 1, self.atom("XdndActionCopy"))
            self.source = 0
        elif event.type == CLIENT_MESSAGE:
            self.take_drag(event.message)

    # Selections

    def own(self, contents, selection="CLIPBOARD"):
        self.contents = contents
        X.XSetSelectionOwner(self.display, self.atom(selection), self.window, 0)
        X.XFlush(self.display)

    def give(self, request):
        target, where = self.name(request.target), request.property
        if target == "TARGETS":
            self.set_values(request.requestor, where, "ATOM", [self.atom(name) for name in ["TARGETS", *self.contents]])
        elif target not in self.contents:
            where = 0
        elif len(self.contents[target]) >= self.incr_from:
            self.transfers[(request.requestor, where)] = [request.target, self.contents[target], 0]
            X.XSelectInput(self.display, request.requestor, PROPERTY_CHANGES)
            self.set_values(request.requestor, where, "INCR", [len(self.contents[target])])
        else:
            X.XChangeProperty(self.display, request.requestor, where, request.target, 8, REPLACE, self.contents[target], len(self.contents[target]))
        event = Event()
        event.answer = SelectionAnswer(SELECTION_NOTIFY, 0, 1, self.display, request.requestor, request.selection, request.target, where, request.time)
        X.XSendEvent(self.display, request.requestor, 0, 0, ctypes.byref(event))

    def give_piece(self, change):
        key = (change.window, change.atom)
        if change.state != DELETED or key not in self.transfers:
            return
        kind, content, sent = self.transfers[key]
        piece = content[sent:sent + PIECE]
        X.XChangeProperty(self.display, *key, kind, 8, REPLACE, piece, len(piece))
        self.transfers[key][2] += len(piece)
        if not piece:
            del self.transfers[key]

    def ask(self, target, selection="CLIPBOARD", pairs=None):
        """What the selection holds as that type: (type, bytes), or None."""
        where = self.atom("OTHER_PROGRAM")
        if pairs:
            self.set_values(self.window, where, "ATOM_PAIR", [self.atom(name) for pair in pairs for name in pair])
        X.XConvertSelection(self.display, self.atom(selection), self.atom(target), where, self.window, 0)
        answer = self.next_event(lambda e: e.type == SELECTION_NOTIFY).answer
        if not answer.property:
            return None
        kind, content = self.property(self.window, where)
        if kind != "INCR":
            return kind, content
        content, pieces = b"", 0
        while True:
            self.next_event(lambda e: e.type == PROPERTY_NOTIFY and PropertyChange.from_buffer_copy(e).atom == where
                            and PropertyChange.from_buffer_copy(e).state != DELETED)
            kind, piece = self.property(self.window, where)
            if not piece and kind:
                assert pieces > 1
                return kind, content
            content, pieces = content + piece, pieces + 1

    def next_event(self, holds, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            while X.XPending(self.display):
                event = Event()
                X.XNextEvent(self.display, ctypes.byref(event))
                if holds(event):
                    return event
            time.sleep(0.01)
        raise AssertionError("no answer")

    def types(self, selection="CLIPBOARD"):
        found = self.ask("TARGETS", selection)
        return [self.name(atom) for atom in struct.unpack(f"{len(found[1]) // 8}L", found[1])] if found else []

    # Drops

    def show(self, x, y, width, height):
        """As a window that takes drops, over all others."""
        self.set_values(self.window, self.atom("XdndAware"), "ATOM", [5])
        X.XMoveResizeWindow(self.display, self.window, x, y, width, height)
        X.XMapRaised(self.display, self.window)
        X.XFlush(self.display)

    def hide(self):
        X.XUnmapWindow(self.display, self.window)
        X.XFlush(self.display)

    def take_drag(self, message):
        kind = self.name(message.message_type)
        self.told.append(kind)
        if kind == "XdndEnter":
            assert message.data[1] >> 24 == 5 and self.name(message.data[2]) == "text/uri-list"
        elif kind == "XdndPosition":
            self.send(message.data[0], "XdndStatus", self.window, int(self.accepts), 0, 0, self.atom("XdndActionCopy") if self.accepts else 0)
        elif kind == "XdndDrop":
            self.source = message.data[0]
            X.XConvertSelection(self.display, self.atom("XdndSelection"), self.atom("text/uri-list"), self.atom("OTHER_PROGRAM"), self.window, message.data[2])
