#include "engine/formats/safetensors.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "engine/base/error.h"

namespace kiln {
namespace {

constexpr std::size_t kLargestHeader = 100'000'000;  // as the reference reader allows
constexpr std::size_t kMostDimensions = 32;
constexpr std::size_t kMostEntries = 65536;
constexpr std::string_view kMetadata = "__metadata__";

struct ItemSize {
  std::string_view dtype;
  std::size_t bytes;
};
constexpr std::array<ItemSize, 15> kItemSizes = {{{"F64", 8},
                                                  {"I64", 8},
                                                  {"U64", 8},
                                                  {"F32", 4},
                                                  {"I32", 4},
                                                  {"U32", 4},
                                                  {"F16", 2},
                                                  {"BF16", 2},
                                                  {"I16", 2},
                                                  {"U16", 2},
                                                  {"F8_E4M3", 1},
                                                  {"F8_E5M2", 1},
                                                  {"I8", 1},
                                                  {"U8", 1},
                                                  {"BOOL", 1}}};

[[noreturn]] void refuse(std::string_view name, std::string detail) {
  throw Failure(ErrorCode::kCorrupt, "“" + std::string(name) + "” is cut off or not a safetensors file",
                "copy or download the file again, or choose another one", std::move(detail));
}

// Bytes that dtype and shape make, or false on overflow.
bool byte_size(const std::string& dtype, const std::vector<std::int64_t>& shape, std::size_t& size) {
  size = safetensors_item_size(dtype);
  if (size == 0) return false;
  for (const std::int64_t dim : shape) {
    if (dim < 0 || __builtin_mul_overflow(size, static_cast<std::size_t>(dim), &size)) return false;
  }
  return true;
}

// Builds the table of tensors while the header is parsed, so that a hostile header costs no more than its own size.
class HeaderReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  HeaderReader(std::string_view name, Safetensors& file) : name_(name), file_(file) {}

  bool null() override { unexpected("null"); }
  bool boolean(bool) override { unexpected("true or false"); }
  bool number_float(number_float_t, const string_t&) override { unexpected("a fraction"); }
  bool binary(binary_t&) override { unexpected("binary"); }
  bool number_integer(number_integer_t value) override {
    if (value < 0) unexpected("a negative number");
    return number_unsigned(static_cast<number_unsigned_t>(value));
  }

  bool number_unsigned(number_unsigned_t value) override {
    if (!in_array_ || value > static_cast<number_unsigned_t>(INT64_MAX)) unexpected("number " + std::to_string(value));
    auto& numbers = field_ == "shape" ? tensor_.shape : offsets_;
    if (numbers.size() == kMostDimensions) unexpected("a longer list");
    numbers.push_back(static_cast<std::int64_t>(value));
    return true;
  }

  bool string(string_t& value) override {
    if (depth_ != 2 || in_array_) unexpected("text");
    if (entry_ == kMetadata) {
      file_.metadata[field_] = std::move(value);
    } else {
      if (field_ != "dtype") unexpected("text");
      tensor_.dtype = std::move(value);
    }
    return true;
  }

  bool start_object(std::size_t) override {
    if (depth_ == 2 || in_array_) unexpected("an object");
    ++depth_;
    fields_.clear();
    tensor_ = {};
    offsets_.clear();
    return true;
  }

  bool key(string_t& value) override {
    auto& known = depth_ == 1 ? entries_ : fields_;
    if (!known.insert(value).second) refuse(name_, "key “" + value + "” is there twice");
    if (known.size() > kMostEntries) refuse(name_, "more than " + std::to_string(kMostEntries) + " entries");
    if (depth_ == 2 && entry_ != kMetadata && value != "dtype" && value != "shape" && value != "data_offsets") {
      refuse(name_, "unknown key “" + value + "”");
    }
    (depth_ == 1 ? entry_ : field_) = std::move(value);
    return true;
  }

  bool end_object() override {
    if (--depth_ == 1 && entry_ != kMetadata) add_tensor();
    return true;
  }

  bool start_array(std::size_t) override {
    if (depth_ != 2 || in_array_ || entry_ == kMetadata || field_ == "dtype") unexpected("a list");
    in_array_ = true;
    return true;
  }

  bool end_array() override {
    in_array_ = false;
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override {
    refuse(name_, "header, byte " + std::to_string(position) + ": " + error.what());
  }

 private:
  [[noreturn]] void unexpected(const std::string& what) {
    if (entry_ == kMetadata) {
      throw Failure(ErrorCode::kCorrupt,
                    "the metadata “" + field_ + "” of “" + std::string(name_) + "” is no text, as safetensors has it",
                    "save the file again with all metadata as text", what);
    }
    refuse(name_, what + " in “" + entry_ + "”, “" + field_ + "”");
  }

  void add_tensor() {
    if (fields_.size() != 3 || offsets_.size() != 2) refuse(name_, "“" + entry_ + "” lacks dtype, shape or data_offsets");
    std::size_t size = 0;
    if (safetensors_item_size(tensor_.dtype) == 0) {
      throw Failure(
          ErrorCode::kUnsupported,
          "the tensor “" + entry_ + "” in “" + std::string(name_) + "” is of the type " + tensor_.dtype + ", which is not read",
          "save the weights as F16, BF16 or F32");
    }
    if (!byte_size(tensor_.dtype, tensor_.shape, size)) refuse(name_, "“" + entry_ + "” has an impossible shape");
    const auto begin = static_cast<std::size_t>(offsets_[0]), end = static_cast<std::size_t>(offsets_[1]);
    if (begin > end || end - begin != size) refuse(name_, "the offsets of “" + entry_ + "” do not fit its dtype and shape");
    tensor_.offset = begin;
    tensor_.size = size;
    file_.tensors.emplace(entry_, std::move(tensor_));
  }

  std::string_view name_;
  Safetensors& file_;
  int depth_ = 0;  // 1: the entries, 2: inside one
  bool in_array_ = false;
  std::string entry_, field_;
  std::set<std::string> entries_, fields_;
  StoredTensor tensor_;
  std::vector<std::int64_t> offsets_;
};

[[noreturn]] void refuse_place(std::string_view name, const std::string& what) {
  throw Failure(ErrorCode::kCorrupt, "in “" + std::string(name) + "” " + what,
                "save it again with safetensors, or copy or download it again");
}

// Tensors lie one after the other, in the order of their offsets, and fill the data.
void check_layout(const Safetensors& file, std::string_view name) {
  using Entry = std::pair<const std::string, StoredTensor>;
  std::vector<const Entry*> order;
  for (const Entry& entry : file.tensors) order.push_back(&entry);
  std::stable_sort(order.begin(), order.end(), [](const Entry* a, const Entry* b) {
    return std::pair(a->second.offset, a->second.size) < std::pair(b->second.offset, b->second.size);
  });
  std::size_t expected = 0;
  std::string before;
  for (const Entry* entry : order) {
    const auto& [key, tensor] = *entry;
    if (tensor.offset < expected) refuse_place(name, "the tensors “" + before + "” and “" + key + "” overlap");
    if (tensor.offset > expected) refuse_place(name, "there is a gap before the tensor “" + key + "”");
    if (tensor.size > file.data_size - expected) refuse(name, "the tensor “" + key + "” passes the end");
    expected += tensor.size;
    before = key;
  }
  if (expected != file.data_size) refuse(name, "the data part is longer than its tensors");
}

}  // namespace

std::size_t safetensors_item_size(std::string_view dtype) {
  for (const ItemSize& item : kItemSizes) {
    if (item.dtype == dtype) return item.bytes;
  }
  return 0;
}

Safetensors parse_safetensors(std::shared_ptr<const ByteSource> source, std::string_view name) {
  constexpr std::size_t kLengthField = 8;
  const std::uint64_t whole = source->size();
  if (whole < kLengthField) refuse(name, "shorter than its length field");
  std::uint64_t header_size = 0;
  const Bytes length = source->part(0, kLengthField);
  for (std::size_t i = 0; i < kLengthField; ++i) header_size |= std::uint64_t{length[i]} << (8 * i);
  if (header_size > whole - kLengthField) refuse(name, "the header claims " + std::to_string(header_size) + " bytes");
  if (header_size > kLargestHeader) {
    throw Failure(
        ErrorCode::kUnsupported,
        "“" + std::string(name) + "” has a header of " + std::to_string(header_size) + " bytes, and safetensors allows 100,000,000",
        "save the weights again with less metadata, or in several files");
  }
  const Bytes header = source->part(kLengthField, header_size);
  if (header.empty() || header[0] != '{') refuse(name, "the header does not begin with a brace");

  Safetensors file;
  file.data_begin = kLengthField + header_size;
  file.data_size = static_cast<std::size_t>(whole - file.data_begin);
  file.source = std::move(source);
  HeaderReader reader(name, file);
  nlohmann::json::sax_parse(header.begin(), header.end(), &reader);
  check_layout(file, name);
  return file;
}

Safetensors parse_safetensors(Bytes bytes, std::string_view name) {
  return parse_safetensors(memory_source(std::move(bytes)), name);
}

Safetensors read_safetensors(const std::filesystem::path& path) {
  return parse_safetensors(open_source(path), path.filename().string());
}

Bytes encode_safetensors(const std::map<std::string, std::string>& metadata, const std::map<std::string, TensorView>& tensors) {
  using Entry = std::pair<const std::string, TensorView>;
  std::vector<const Entry*> order;
  for (const Entry& entry : tensors) {
    std::size_t size = 0;
    if (entry.first == kMetadata || !byte_size(entry.second.dtype, entry.second.shape, size) || size != entry.second.bytes.size()) {
      throw Failure(ErrorCode::kInvalidArgument, "tensor “" + entry.first + "” does not fit its dtype and shape",
                    "this is a defect of the program, please report it", entry.second.dtype);
    }
    order.push_back(&entry);
  }
  std::stable_sort(order.begin(), order.end(), [](const Entry* a, const Entry* b) {
    return safetensors_item_size(a->second.dtype) > safetensors_item_size(b->second.dtype);
  });

  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header[std::string(kMetadata)] = metadata;
  std::size_t end = 0;
  for (const Entry* entry : order) {
    const std::size_t begin = end;
    end += entry->second.bytes.size();
    header[entry->first] = {{"dtype", entry->second.dtype}, {"shape", entry->second.shape}, {"data_offsets", {begin, end}}};
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const nlohmann::json::exception& failure) {
    throw Failure(ErrorCode::kInvalidArgument, "a name or note for the model file is not UTF-8 text",
                  "rename the classes with plain letters", failure.what());
  }
  text.resize((text.size() + 7) / 8 * 8, ' ');
  if (text.size() > kLargestHeader) {
    throw Failure(ErrorCode::kInvalidArgument, "the notes for the model file are longer than 100 MB", "shorten the notes");
  }

  Bytes bytes;
  bytes.reserve(8 + text.size() + end);
  for (std::size_t i = 0; i < 8; ++i) bytes.push_back(static_cast<std::uint8_t>(std::uint64_t{text.size()} >> (8 * i)));
  bytes.insert(bytes.end(), text.begin(), text.end());
  for (const Entry* entry : order) bytes.insert(bytes.end(), entry->second.bytes.begin(), entry->second.bytes.end());
  return bytes;
}

}  // namespace kiln
