#include "engine/formats/pickle.h"

#include <bit>
#include <unordered_map>
#include <utility>

#include "engine/base/error.h"

namespace kiln {
namespace {

using Kind = PickleNode::Kind;
using Ref = std::uint32_t;

constexpr std::size_t kMostNodes = 200'000;
constexpr std::size_t kMostOnStack = 1'000'000;
constexpr std::size_t kMostMarks = 10'000;

// The stack machine of Python's pickletools, without its power to call.
class Machine {
 public:
  Machine(std::span<const std::uint8_t> bytes, std::string_view name, const std::function<bool(std::string_view)>& allowed)
      : bytes_(bytes), name_(name), allowed_(allowed) {}

  Pickle run() {
    for (std::uint8_t opcode = byte(); opcode != '.'; opcode = byte()) {
      if (at_ > kLargestPickle) unsupported("has a structure of more than 8 MiB");
      if (!step(opcode) && !step_memo(opcode) && !step_scalar(opcode) && !step_container(opcode)) {
        unsupported("uses pickle opcode " + std::to_string(opcode) + ", which plain tensors do not need");
      }
    }
    pickle_.root = pop();
    pickle_.size = at_;
    return std::move(pickle_);
  }

 private:
  [[noreturn]] void corrupt(const char* detail) const {
    throw Failure(ErrorCode::kCorrupt, "“" + std::string(name_) + "” is damaged", "copy or download the file again", detail);
  }
  [[noreturn]] void unsupported(const std::string& what) const {
    throw Failure(ErrorCode::kUnsupported, "“" + std::string(name_) + "” " + what,
                  "in Python, save the state dict alone: torch.save(model.state_dict(), path)");
  }

  // These carry out one opcode each, or return false if it is not theirs.
  bool step(std::uint8_t opcode) {
    switch (opcode) {
      case 0x80:  // PROTO
        if (byte() > 5) unsupported("uses a newer pickle protocol");
        return true;
      case 0x95:  // FRAME: only helps reading ahead
        number(8);
        return true;
      case '(':
        if (marks_.size() == kMostMarks) corrupt("too many open marks");
        marks_.push_back(stack_.size());
        return true;
      case '0':
        pop();
        return true;
      case 'c': {
        const std::string module = line();
        return push_global(module, line());
      }
      case 0x93:  // STACK_GLOBAL
        return push_stack_global();
      case 'R':
        return call();
      case 'b':  // BUILD: attributes of a dict, like OrderedDict's _metadata, hold no weights
        pop();
        if (top().kind != Kind::kDict && top().kind != Kind::kCall) corrupt("state for something that has none");
        return true;
      case 'Q': {
        const Ref id = pop();
        return push({.kind = Kind::kPersistent, .items = {id}});
      }
      default:
        return false;
    }
  }

  bool step_memo(std::uint8_t opcode) {
    switch (opcode) {
      case 'q':
        return remember(number(1));
      case 'r':
        return remember(number(4));
      case 0x94:  // MEMOIZE
        return remember(memo_.size());
      case 'h':
        return recall(number(1));
      case 'j':
        return recall(number(4));
      default:
        return false;
    }
  }

  bool step_scalar(std::uint8_t opcode) {
    switch (opcode) {
      case 'N':
        return push({.kind = Kind::kNone});
      case 0x88:  // NEWTRUE
      case 0x89:  // NEWFALSE
        return push({.kind = Kind::kBool, .whole = opcode == 0x88});
      case 'K':
        return push_whole(static_cast<std::int64_t>(number(1)));
      case 'M':
        return push_whole(static_cast<std::int64_t>(number(2)));
      case 'J':
        return push_whole(static_cast<std::int32_t>(number(4)));
      case 0x8a:  // LONG1
        return push_long(number(1));
      case 'G':
        return push({.kind = Kind::kReal, .real = big_endian_double()});
      case 'X':
      case 'T':  // BINSTRING, of Python 2
        return push_text(number(4));
      case 'U':   // SHORT_BINSTRING
      case 0x8c:  // SHORT_BINUNICODE
        return push_text(number(1));
      case 0x8d:  // BINUNICODE8
        return push_text(number(8));
      default:
        return false;
    }
  }

  bool step_container(std::uint8_t opcode) {
    switch (opcode) {
      case ']':
        return push({.kind = Kind::kList});
      case '}':
        return push({.kind = Kind::kDict});
      case ')':
        return push({.kind = Kind::kTuple});
      case 't':
        return push_tuple(pop_to_mark());
      case 0x85:
      case 0x86:
      case 0x87:  // TUPLE1, TUPLE2, TUPLE3
        return push_tuple(pop_many(opcode - 0x84u));
      case 'a':
        return extend(Kind::kList, pop_many(1));
      case 'e':
        return extend(Kind::kList, pop_to_mark());
      case 's':
        return extend(Kind::kDict, pop_many(2));
      case 'u':
        return extend(Kind::kDict, pop_to_mark());
      default:
        return false;
    }
  }

  std::span<const std::uint8_t> take(std::uint64_t size) {
    if (size > bytes_.size() - at_) corrupt("the pickle ends too early");
    const auto part = bytes_.subspan(at_, static_cast<std::size_t>(size));
    at_ += static_cast<std::size_t>(size);
    return part;
  }
  std::uint8_t byte() { return take(1)[0]; }
  std::uint64_t number(std::size_t width) {
    std::uint64_t value = 0;
    const auto digits = take(width);
    for (std::size_t i = 0; i < width; ++i) value |= std::uint64_t{digits[i]} << (8 * i);
    return value;
  }
  double big_endian_double() {
    std::uint64_t bits = 0;
    for (const std::uint8_t digit : take(8)) bits = bits << 8 | digit;
    return std::bit_cast<double>(bits);
  }
  std::string line() {
    std::string text;
    for (char c; (c = static_cast<char>(byte())) != '\n';) {
      if (text.size() == 512) corrupt("a name is too long");
      text += c;
    }
    return text;
  }

  PickleNode& node(Ref ref) { return pickle_.nodes[ref]; }
  PickleNode& top() {
    if (stack_.empty()) corrupt("the stack is empty");
    return node(stack_.back());
  }
  bool push(PickleNode value) {
    if (pickle_.nodes.size() == kMostNodes) unsupported("has more than 200,000 parts");
    stack_.push_back(static_cast<Ref>(pickle_.nodes.size()));
    pickle_.nodes.push_back(std::move(value));
    return true;
  }
  Ref pop() {
    if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) corrupt("the stack is empty");
    const Ref ref = stack_.back();
    stack_.pop_back();
    return ref;
  }
  std::vector<Ref> pop_many(std::size_t count) {
    std::vector<Ref> refs(count);
    for (std::size_t i = count; i-- > 0;) refs[i] = pop();
    return refs;
  }
  std::vector<Ref> pop_to_mark() {
    if (marks_.empty()) corrupt("no mark");
    std::vector<Ref> refs(stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back()), stack_.end());
    stack_.resize(marks_.back());
    marks_.pop_back();
    return refs;
  }

  bool push_whole(std::int64_t value) { return push({.kind = Kind::kInt, .whole = value}); }
  bool push_long(std::uint64_t width) {
    if (width > 8) unsupported("has a whole number of more than 64 bits");
    if (width == 0) return push_whole(0);
    const std::uint64_t shift = 64 - 8 * width;
    return push_whole(static_cast<std::int64_t>(number(static_cast<std::size_t>(width)) << shift) >> shift);
  }
  bool push_text(std::uint64_t size) {
    const auto letters = take(size);
    return push({.kind = Kind::kText, .text = std::string(letters.begin(), letters.end())});
  }
  bool push_tuple(std::vector<Ref> items) { return push({.kind = Kind::kTuple, .items = std::move(items)}); }

  bool push_global(const std::string& module, const std::string& member) {
    std::string global = module + "." + member;
    if (!allowed_(global)) unsupported("wants to use “" + global + "”, and only tensors, dicts, lists, numbers and texts are read");
    return push({.kind = Kind::kGlobal, .text = std::move(global)});
  }
  bool push_stack_global() {
    const auto names = pop_many(2);
    if (node(names[0]).kind != Kind::kText || node(names[1]).kind != Kind::kText) corrupt("a global without a name");
    return push_global(std::string(node(names[0]).text), std::string(node(names[1]).text));
  }
  bool call() {
    auto parts = pop_many(2);
    if (node(parts[0]).kind != Kind::kGlobal || node(parts[1]).kind != Kind::kTuple) corrupt("a call of what is no global");
    if (node(parts[0]).text != "collections.OrderedDict") return push({.kind = Kind::kCall, .items = std::move(parts)});
    if (!node(parts[1]).items.empty()) unsupported("builds an OrderedDict in an old way");
    return push({.kind = Kind::kDict});
  }

  bool extend(Kind kind, const std::vector<Ref>& items) {
    if (top().kind != kind || (kind == Kind::kDict && items.size() % 2 != 0)) corrupt("items for what does not hold them");
    auto& target = top().items;
    target.insert(target.end(), items.begin(), items.end());
    return true;
  }
  bool remember(std::uint64_t index) {
    if (memo_.size() > kMostNodes) unsupported("has more than 200,000 parts");
    top();
    memo_[index] = stack_.back();
    return true;
  }
  bool recall(std::uint64_t index) {
    const auto found = memo_.find(index);
    if (found == memo_.end() || stack_.size() == kMostOnStack) corrupt("a reference to nothing, or too many");
    stack_.push_back(found->second);
    return true;
  }

  std::span<const std::uint8_t> bytes_;
  std::string_view name_;
  const std::function<bool(std::string_view)>& allowed_;
  std::size_t at_ = 0;
  Pickle pickle_;
  std::vector<Ref> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::uint64_t, Ref> memo_;
};

}  // namespace

Pickle read_pickle(std::span<const std::uint8_t> bytes, std::string_view name,
                   const std::function<bool(std::string_view)>& allowed) {
  return Machine(bytes, name, allowed).run();
}

}  // namespace kiln
