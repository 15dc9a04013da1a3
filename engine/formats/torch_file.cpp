#include "engine/formats/torch_file.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <map>
#include <set>

#include "engine/base/error.h"
#include "engine/formats/safetensors.h"
#include "engine/formats/torch_parts.h"

namespace kiln {
namespace {

using Kind = PickleNode::Kind;
using Storages = std::map<std::string, ByteRange>;  // by their keys

constexpr int kDeepest = 64;
constexpr std::size_t kMostText = std::size_t{8} << 20;
constexpr std::size_t kMostDimensions = 32;

// The number of elements, or -1 if the tensor reaches outside its storage or claims more elements than that holds.
std::int64_t checked_elements(const TorchTensor& tensor) {
  const std::size_t item = safetensors_item_size(tensor.dtype);
  if (item == 0 || tensor.offset < 0 || tensor.shape.size() != tensor.strides.size()) return -1;
  const auto held = static_cast<std::int64_t>(tensor.storage_size / item);
  std::int64_t count = 1, last = tensor.offset;
  for (const std::int64_t dim : tensor.shape) {
    if (dim < 0 || __builtin_mul_overflow(count, dim, &count)) return -1;
  }
  if (count == 0) return 0;
  for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
    std::int64_t reach = 0;
    if (tensor.strides[i] < 0 || __builtin_mul_overflow(tensor.shape[i] - 1, tensor.strides[i], &reach) ||
        __builtin_add_overflow(last, reach, &last)) {
      return -1;
    }
  }
  return last < held && count <= held ? count : -1;
}

// Turns the pickle's objects into a tree of values.
class TreeBuilder {
 public:
  TreeBuilder(const Pickle& pickle, const Storages& storages, std::uint64_t file_size, std::string_view name)
      : pickle_(pickle), storages_(storages), most_bytes_(4 * file_size + (std::uint64_t{1} << 20)), name_(name) {}

  TorchValue build(std::uint32_t ref, int depth = 0) {
    if (depth > kDeepest) corrupt("values nest too deeply or contain themselves");
    // Objects may be shared, but not so that a small file becomes a large tree.
    if (++values_ > 1000 + 4 * pickle_.nodes.size()) corrupt("values that share others again and again");
    const PickleNode& node = pickle_.nodes[ref];
    switch (node.kind) {
      case Kind::kNone:
        return {};
      case Kind::kBool:
        return {node.whole != 0};
      case Kind::kInt:
        return {node.whole};
      case Kind::kReal:
        return {node.real};
      case Kind::kText:
        return {counted(node.text)};
      case Kind::kList:
      case Kind::kTuple:
        return list(node, depth);
      case Kind::kDict:
        return dict(node, depth);
      case Kind::kCall:
        return called(node, depth);
      default:
        corrupt("a class or storage by itself");
    }
  }

 private:
  [[noreturn]] void corrupt(const std::string& detail) const {
    throw Failure(ErrorCode::kCorrupt, "“" + std::string(name_) + "” is damaged or not a PyTorch checkpoint",
                  "copy or download the file again", detail);
  }

  std::string counted(const std::string& text) {
    text_ += text.size();
    if (text_ > kMostText) corrupt("more than 8 MiB of text");
    return text;
  }

  TorchValue list(const PickleNode& node, int depth) {
    TorchList values;
    for (const std::uint32_t item : node.items) values.push_back(build(item, depth + 1));
    return {std::move(values)};
  }

  TorchValue dict(const PickleNode& node, int depth) {
    TorchDict entries;
    std::set<std::string_view> keys;
    for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
      const PickleNode& key = pickle_.nodes[node.items[i]];
      if (key.kind != Kind::kText && key.kind != Kind::kInt) corrupt("a key that is no text or whole number");
      if (key.kind == Kind::kText && !keys.insert(key.text).second) corrupt("key “" + key.text + "” twice");
      std::string text = key.kind == Kind::kText ? counted(key.text) : std::to_string(key.whole);
      entries.push_back({std::move(text), build(node.items[i + 1], depth + 1)});
    }
    return {std::move(entries)};
  }

  const PickleNode& argument(const PickleNode& arguments, std::size_t index, Kind kind) const {
    if (index >= arguments.items.size()) corrupt("a call with too few arguments");
    const PickleNode& node = pickle_.nodes[arguments.items[index]];
    if (node.kind != kind) corrupt("a call with a wrong argument");
    return node;
  }

  TorchValue called(const PickleNode& call, int depth) {
    const std::string& function = pickle_.nodes[call.items[0]].text;
    const PickleNode& arguments = pickle_.nodes[call.items[1]];
    if (function == "torch._utils._rebuild_tensor" || function == "torch._utils._rebuild_tensor_v2") return {tensor(arguments)};
    if (arguments.items.empty()) corrupt("a call without arguments");
    if (function == "torch._utils._rebuild_parameter") return build(arguments.items[0], depth + 1);
    if (function == "torch.Size") return list(argument(arguments, 0, Kind::kTuple), depth);
    if (function == "torch.device") return {counted(argument(arguments, 0, Kind::kText).text)};
    corrupt("a call of “" + function + "”");
  }

  std::vector<std::int64_t> whole_numbers(const PickleNode& tuple) const {
    if (tuple.items.size() > kMostDimensions) corrupt("a tensor of too many dimensions");
    std::vector<std::int64_t> numbers;
    for (std::size_t i = 0; i < tuple.items.size(); ++i) numbers.push_back(argument(tuple, i, Kind::kInt).whole);
    return numbers;
  }

  TorchTensor tensor(const PickleNode& arguments) {
    TorchTensor tensor = with_storage(pickle_.nodes[argument(arguments, 0, Kind::kPersistent).items[0]]);
    tensor.offset = argument(arguments, 1, Kind::kInt).whole;
    tensor.shape = whole_numbers(argument(arguments, 2, Kind::kTuple));
    tensor.strides = whole_numbers(argument(arguments, 3, Kind::kTuple));
    const std::int64_t count = checked_elements(tensor);
    if (count < 0) corrupt("a tensor larger than its storage");
    bytes_ += static_cast<std::size_t>(count) * safetensors_item_size(tensor.dtype);
    if (bytes_ > most_bytes_) corrupt("the tensors together are far larger than the file");
    return tensor;
  }

  // ("storage", type, key, device, number of elements)
  TorchTensor with_storage(const PickleNode& id) const {
    if (id.kind != Kind::kTuple || argument(id, 0, Kind::kText).text != "storage") corrupt("an unknown persistent id");
    TorchTensor tensor;
    tensor.dtype = storage_dtype(argument(id, 1, Kind::kGlobal).text);
    if (id.items.size() > 5 && pickle_.nodes[id.items[5]].kind != Kind::kNone)
      corrupt("a view of a storage, as before PyTorch 0.4");
    const std::size_t item = safetensors_item_size(tensor.dtype);
    if (item == 0) corrupt("a storage of an unknown type");
    const std::string& key = argument(id, 2, Kind::kText).text;
    const std::int64_t count = argument(id, 4, Kind::kInt).whole;
    const auto storage = storages_.find(key);
    if (storage == storages_.end()) corrupt("storage “" + key + "” is missing");
    if (count < 0 || static_cast<std::uint64_t>(count) != storage->second.size / item || storage->second.size % item != 0) {
      corrupt("storage “" + key + "” has another size than claimed");
    }
    tensor.storage_begin = storage->second.offset;
    tensor.storage_size = storage->second.size;
    return tensor;
  }

  const Pickle& pickle_;
  const Storages& storages_;
  std::uint64_t most_bytes_;
  std::string_view name_;
  std::size_t values_ = 0, text_ = 0;
  std::uint64_t bytes_ = 0;
};

// Fetches one dimension after the other; `at` counts elements from the tensor's first.
template <class Fetch>
void each_element(const TorchTensor& tensor, std::size_t dimension, std::int64_t at, const Fetch& fetch) {
  if (dimension == tensor.shape.size()) return fetch(static_cast<std::uint64_t>(at));
  for (std::int64_t i = 0; i < tensor.shape[dimension]; ++i)
    each_element(tensor, dimension + 1, at + i * tensor.strides[dimension], fetch);
}

// How many elements of its storage a tensor with elements spans.
std::int64_t reach_of(const TorchTensor& tensor) {
  std::int64_t last = 0;
  for (std::size_t i = 0; i < tensor.shape.size(); ++i) last += (tensor.shape[i] - 1) * tensor.strides[i];
  return last + 1;
}

bool is_contiguous(const TorchTensor& tensor) {
  std::int64_t expected = 1;
  for (std::size_t i = tensor.shape.size(); i-- > 0;) {
    if (tensor.shape[i] != 1 && tensor.strides[i] != expected) return false;
    expected *= tensor.shape[i];
  }
  return true;
}

}  // namespace

const TorchTensor* TorchValue::tensor() const { return std::get_if<TorchTensor>(&content); }

const TorchDict* TorchValue::dict() const { return std::get_if<TorchDict>(&content); }

const TorchValue* TorchValue::find(std::string_view key) const {
  if (const TorchDict* entries = dict()) {
    for (const auto& [name, value] : *entries) {
      if (name == key) return &value;
    }
  }
  return nullptr;
}

TorchFile parse_torch_file(std::shared_ptr<const ByteSource> source, std::string_view name) {
  const TorchParts parts = torch_parts(*source, name);
  TorchFile file;
  file.root = TreeBuilder(parts.pickle, parts.storages, source->size(), name).build(parts.pickle.root);
  file.source = std::move(source);
  return file;
}

TorchFile parse_torch_file(Bytes bytes, std::string_view name) { return parse_torch_file(memory_source(std::move(bytes)), name); }

Bytes contiguous_bytes(const ByteSource& source, const TorchTensor& tensor) {
  const std::int64_t count = checked_elements(tensor);
  if (count < 0) throw Failure(ErrorCode::kCorrupt, "a tensor reaches outside its storage", "copy or download the file again");
  if (count == 0) return {};
  const std::size_t item = safetensors_item_size(tensor.dtype);
  const std::uint64_t begin = tensor.storage_begin + static_cast<std::uint64_t>(tensor.offset) * item;
  const std::int64_t reach = reach_of(tensor);
  if (is_contiguous(tensor)) return source.part(begin, static_cast<std::uint64_t>(reach) * item);
  Bytes bytes(static_cast<std::size_t>(count) * item);
  std::span<std::uint8_t> target(bytes);
  constexpr std::int64_t kSparse = 64;  // so few of the elements between first and last are wanted that each is read by itself
  if (reach / kSparse > count) {
    each_element(tensor, 0, 0, [&](std::uint64_t at) {
      source.read(begin + at * item, target.first(item));
      target = target.subspan(item);
    });
    return bytes;
  }
  const Bytes stored = source.part(begin, static_cast<std::uint64_t>(reach) * item);
  each_element(tensor, 0, 0, [&](std::uint64_t at) {
    std::memcpy(target.data(), stored.data() + static_cast<std::size_t>(at) * item, item);
    target = target.subspan(item);
  });
  return bytes;
}

}  // namespace kiln
