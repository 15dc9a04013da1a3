#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kiln {

// One object of a pickle. Objects refer to each other by their index in Pickle::nodes, so that shared and even cyclic ones are
// harmless until they are walked.
struct PickleNode {
  enum class Kind { kNone, kBool, kInt, kReal, kText, kList, kTuple, kDict, kGlobal, kCall, kPersistent };
  Kind kind = Kind::kNone;
  std::int64_t whole = 0;
  double real = 0;
  std::string text = {};                  // kText; kGlobal: "module.name"
  std::vector<std::uint32_t> items = {};  // kDict: key, value, …; kCall: the global, the arguments' tuple; kPersistent: the id
};

struct Pickle {
  std::vector<PickleNode> nodes;
  std::uint32_t root = 0;
  std::size_t size = 0;  // bytes of the pickle
};

constexpr std::size_t kLargestPickle = std::size_t{8} << 20;

// Reads a pickle of protocol 2 to 5 as data, from the first byte to its end; more may follow. Calls are not made but recorded
// (kCall), `allowed` decides which globals may be named at all. At most 200,000 objects in kLargestPickle bytes. Throws Failure:
// kCorrupt, kUnsupported (an opcode or global that is not allowed, named in the message; too large).
Pickle read_pickle(std::span<const std::uint8_t> bytes, std::string_view name,
                   const std::function<bool(std::string_view)>& allowed);

}  // namespace kiln
