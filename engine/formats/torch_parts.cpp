#include "engine/formats/torch_parts.h"

#include <algorithm>
#include <array>

#include "engine/base/error.h"
#include "engine/formats/safetensors.h"
#include "engine/formats/zip_archive.h"

namespace kiln {
namespace {

using Kind = PickleNode::Kind;

constexpr const char* kSaveAgain = "save the checkpoint again with torch.save";

struct StorageType {
  std::string_view global, dtype;
};
constexpr std::array<StorageType, 11> kStorageTypes = {{{"torch.FloatStorage", "F32"},
                                                        {"torch.HalfStorage", "F16"},
                                                        {"torch.BFloat16Storage", "BF16"},
                                                        {"torch.DoubleStorage", "F64"},
                                                        {"torch.LongStorage", "I64"},
                                                        {"torch.IntStorage", "I32"},
                                                        {"torch.ShortStorage", "I16"},
                                                        {"torch.CharStorage", "I8"},
                                                        {"torch.ByteStorage", "U8"},
                                                        {"torch.BoolStorage", "BOOL"},
                                                        {"torch.storage.UntypedStorage", "U8"}}};

bool allowed_global(std::string_view global) {
  static constexpr std::array<std::string_view, 6> kOthers = {"collections.OrderedDict",
                                                              "torch._utils._rebuild_tensor",
                                                              "torch._utils._rebuild_tensor_v2",
                                                              "torch._utils._rebuild_parameter",
                                                              "torch.Size",
                                                              "torch.device"};
  return !storage_dtype(global).empty() || std::find(kOthers.begin(), kOthers.end(), global) != kOthers.end();
}

[[noreturn]] void corrupt(std::string_view name, const std::string& detail) {
  throw Failure(ErrorCode::kCorrupt, "“" + std::string(name) + "” is damaged or not a PyTorch checkpoint",
                "copy or download the file again", detail);
}

[[noreturn]] void refuse_big_endian(std::string_view name) {
  throw Failure(ErrorCode::kUnsupported, "“" + std::string(name) + "” was saved on a big-endian machine",
                "load it in Python and save it again on this one");
}

void check_members(const std::map<std::string, ZipMember>& members, const std::string& prefix, std::string_view name) {
  if (members.contains(prefix + "constants.pkl") ||
      members.lower_bound(prefix + "code/") != members.lower_bound(prefix + "code0")) {
    throw Failure(ErrorCode::kUnsupported, "“" + std::string(name) + "” is a TorchScript archive: a program, not weights by name",
                  "in Python: torch.save(torch.jit.load(file).state_dict(), \"weights.pt\")");
  }
  for (const auto& [member, place] : members) {
    if (place.deflated)
      throw Failure(ErrorCode::kUnsupported, "“" + std::string(name) + "” holds the compressed member “" + member + "”",
                    kSaveAgain);
  }
}

TorchParts parts_of_archive(const ByteSource& source, std::string_view name) {
  const auto members = zip_members(source, name, kSaveAgain);
  const auto found = std::find_if(members.begin(), members.end(), [](const auto& member) {
    return member.first == "data.pkl" || (member.first.ends_with("/data.pkl") && member.first.find('/') == member.first.size() - 9);
  });
  if (found == members.end()) {
    throw Failure(ErrorCode::kUnsupported, "“" + std::string(name) + "” is a ZIP archive, but not a PyTorch checkpoint",
                  "choose a file written by torch.save; unpack an archive of several files");
  }
  const std::string prefix = found->first.substr(0, found->first.size() - std::string_view("data.pkl").size());
  check_members(members, prefix, name);
  if (const auto order = members.find(prefix + "byteorder"); order != members.end()) {
    const Bytes kLittle = {'l', 'i', 't', 't', 'l', 'e'};
    if (order->second.size != kLittle.size() || source.part(order->second.offset, kLittle.size()) != kLittle)
      refuse_big_endian(name);
  }
  if (found->second.size > kLargestPickle) {
    throw Failure(ErrorCode::kUnsupported, "“" + std::string(name) + "” has a structure of more than 8 MiB",
                  "in Python, save the state dict alone: torch.save(model.state_dict(), path)");
  }
  TorchParts parts;
  parts.pickle = read_pickle(source.part(found->second.offset, found->second.size), name, allowed_global);
  for (const auto& [member, place] : members) {
    if (member.starts_with(prefix + "data/")) parts.storages[member.substr(prefix.size() + 5)] = {place.offset, place.size};
  }
  return parts;
}

// How many bytes the pickle of torch.save's magic number takes at the beginning; 0 if something else is there.
std::size_t magic_size(const ByteSource& source) {
  static constexpr std::array<std::uint8_t, 13> kMagic = {0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9,
                                                          0x20, 0x6a, 0xa8, 0x50, 0x19, '.'};
  const Bytes start = source.part(0, std::min<std::uint64_t>(source.size(), 2 + 9 + kMagic.size()));
  if (start.size() < 2 || start[0] != 0x80 || start[1] < 2 || start[1] > 5) return 0;
  const std::size_t at = start.size() > 2 && start[2] == 0x95 ? 2 + 9 : 2;  // FRAME and its length
  const bool there = start.size() >= at + kMagic.size() &&
                     std::equal(kMagic.begin(), kMagic.end(), start.begin() + static_cast<std::ptrdiff_t>(at));
  return there ? at + kMagic.size() : 0;
}

// Pickles one after the other (magic number, version, machine, objects, keys of storages), then each storage: its number of
// elements in 64 bits, and the elements.
class LegacyReader {
 public:
  LegacyReader(const ByteSource& source, std::string_view name) : source_(source), name_(name), at_(magic_size(source)) {}

  TorchParts read() {
    next();  // version
    check_machine(next());
    TorchParts parts;
    parts.pickle = next();
    const std::map<std::string, std::string> dtypes = dtypes_of(parts.pickle);
    const Pickle keys = next();
    for (const std::uint32_t item : keys.nodes[keys.root].items) {
      const std::string& key = keys.nodes[item].text;
      const auto dtype = dtypes.find(key);
      if (dtype == dtypes.end() || source_.size() - at_ < 8) corrupt(name_, "storage “" + key + "”");
      std::uint64_t count = 0;
      const Bytes digits = source_.part(at_, 8);
      for (std::size_t i = 0; i < 8; ++i) count |= std::uint64_t{digits[i]} << (8 * i);
      at_ += 8;
      const std::size_t bytes = safetensors_item_size(dtype->second);
      if (count > (source_.size() - at_) / bytes) corrupt(name_, "storage “" + key + "” is cut off");
      parts.storages[key] = {at_, count * bytes};
      at_ += count * bytes;
    }
    return parts;
  }

 private:
  Pickle next() {
    const std::uint64_t most = kLargestPickle + 64;
    Pickle pickle = read_pickle(source_.part(at_, std::min(source_.size() - at_, most)), name_, allowed_global);
    at_ += pickle.size;
    return pickle;
  }

  void check_machine(const Pickle& machine) const {
    const auto& items = machine.nodes[machine.root].items;
    for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
      if (machine.nodes[items[i]].text == "little_endian" && machine.nodes[items[i + 1]].whole == 0) refuse_big_endian(name_);
    }
  }

  // By key, from the persistent ids ("storage", type, key, …).
  std::map<std::string, std::string> dtypes_of(const Pickle& pickle) const {
    std::map<std::string, std::string> dtypes;
    for (const PickleNode& node : pickle.nodes) {
      if (node.kind != Kind::kPersistent) continue;
      const PickleNode& id = pickle.nodes[node.items[0]];
      if (id.kind != Kind::kTuple || id.items.size() < 3) continue;
      const std::string_view dtype = storage_dtype(pickle.nodes[id.items[1]].text);
      if (!dtype.empty()) dtypes[pickle.nodes[id.items[2]].text] = dtype;
    }
    return dtypes;
  }

  const ByteSource& source_;
  std::string_view name_;
  std::uint64_t at_;
};

}  // namespace

std::string_view storage_dtype(std::string_view global) {
  for (const StorageType& type : kStorageTypes) {
    if (type.global == global) return type.dtype;
  }
  return {};
}

bool is_legacy_torch_file(const ByteSource& source) { return magic_size(source) > 0; }

TorchParts torch_parts(const ByteSource& source, std::string_view name) {
  return is_legacy_torch_file(source) ? LegacyReader(source, name).read() : parts_of_archive(source, name);
}

}  // namespace kiln
