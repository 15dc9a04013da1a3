#include "engine/formats/npy.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

#include "engine/base/error.h"
#include "engine/base/mapped_file.h"
#include "engine/base/text.h"
#include "engine/formats/file_kind.h"

namespace kiln {
namespace {

constexpr std::size_t kMostDimensions = 32;
constexpr std::size_t kLargestHeader = 65536;
constexpr std::string_view kMagic = "\x93NUMPY";

struct Header {
  std::string dtype;
  char order = '|';  // of bytes: '<', '>', '|', '='
  bool fortran = false;
  std::vector<std::int64_t> shape;
};

[[noreturn]] void corrupt(std::string_view name, const char* detail) {
  throw Failure(ErrorCode::kCorrupt, "“" + std::string(name) + "” is cut off or not a NumPy array",
                "save the array again with numpy.save", detail);
}

// Elements times item size, or nothing on overflow.
std::optional<std::size_t> byte_size(const std::string& dtype, const std::vector<std::int64_t>& shape) {
  std::size_t size = npy_item_size(dtype);
  if (size == 0) return std::nullopt;
  for (const std::int64_t dim : shape) {
    if (dim < 0 || __builtin_mul_overflow(size, static_cast<std::size_t>(dim), &size)) return std::nullopt;
  }
  return size;
}

// The header is a Python dict with exactly these keys: {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }
class HeaderReader {
 public:
  HeaderReader(std::string_view text, std::string_view name) : text_(text), name_(name) {}

  Header read() {
    Header header;
    unsigned seen = 0;
    expect('{');
    while (!accept('}')) {
      const std::string key = quoted();
      expect(':');
      const unsigned bit = key == "descr" ? 1 : key == "fortran_order" ? 2 : key == "shape" ? 4 : 0;
      if (bit == 0 || (seen & bit)) corrupt(name_, "an unknown or repeated key");
      seen |= bit;
      if (bit == 1) read_descr(header);
      if (bit == 2) header.fortran = truth();
      if (bit == 4) header.shape = tuple();
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skip_blank();
    if (seen != 7 || !text_.empty()) corrupt(name_, "keys are missing, or something follows the header");
    return header;
  }

 private:
  void skip_blank() {
    while (!text_.empty() && (text_.front() == ' ' || text_.front() == '\n')) text_.remove_prefix(1);
  }
  bool accept(char c) {
    skip_blank();
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!accept(c)) corrupt(name_, "the header is no such dict");
  }

  std::string quoted() {
    accept('u');  // of a text of Python 2
    const char mark = accept('"') ? '"' : '\'';
    if (mark == '\'') expect('\'');
    const std::size_t end = text_.find(mark);
    if (end == std::string_view::npos) corrupt(name_, "an open text in the header");
    std::string content(text_.substr(0, end));
    text_.remove_prefix(end + 1);
    return content;
  }

  void read_descr(Header& header) {
    skip_blank();
    std::string descr = text_.starts_with('[') ? std::string("a structure") : quoted();
    const bool marked = !descr.empty() && std::string_view("<>|=").find(descr.front()) != std::string_view::npos;
    header.dtype = marked ? descr.substr(1) : descr;
    if (marked) header.order = descr.front();
    if (npy_item_size(header.dtype) == 0) {
      const bool names = header.dtype.starts_with('U') || header.dtype.starts_with('S') || header.dtype == "O";
      throw Failure(
          ErrorCode::kUnsupported, "“" + std::string(name_) + "” holds " + descr + ", not plain numbers",
          names ? "save numbers: of names, numpy.unique(names, return_inverse=True) gives them, and the names in their order"
                : "convert it with array.astype('uint8') or 'float32' and save it again");
    }
  }

  bool truth() {
    skip_blank();
    for (const auto& [word, value] : {std::pair<std::string_view, bool>{"True", true}, {"False", false}}) {
      if (!text_.starts_with(word)) continue;
      text_.remove_prefix(word.size());
      return value;
    }
    corrupt(name_, "fortran_order is neither True nor False");
  }

  std::vector<std::int64_t> tuple() {
    std::vector<std::int64_t> numbers;
    expect('(');
    while (!accept(')')) {
      skip_blank();
      const std::size_t digits = std::min(text_.find_first_not_of("0123456789"), text_.size());
      const auto number = parse_int(text_.substr(0, digits));
      if (!number || numbers.size() == kMostDimensions) corrupt(name_, "an impossible shape");
      numbers.push_back(*number);
      text_.remove_prefix(digits);
      if (text_.starts_with('L')) text_.remove_prefix(1);  // a long integer of Python 2
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return numbers;
  }

  std::string_view text_;
  std::string_view name_;
};

void swap_bytes(Bytes& bytes, std::size_t item) {
  for (std::size_t at = 0; at + item <= bytes.size(); at += item) {
    std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.begin() + static_cast<std::ptrdiff_t>(at + item));
  }
}

// Element (i, j, …) lies at i + j·n₀ + … in Fortran order.
Bytes from_fortran_order(const Bytes& bytes, const std::vector<std::int64_t>& shape, std::size_t item) {
  Bytes sorted(bytes.size());
  std::vector<std::size_t> index(shape.size(), 0);
  for (std::size_t target = 0; target < bytes.size(); target += item) {
    std::size_t source = 0;
    for (std::size_t d = shape.size(); d-- > 0;) source = source * static_cast<std::size_t>(shape[d]) + index[d];
    std::memcpy(sorted.data() + target, bytes.data() + source * item, item);
    for (std::size_t d = shape.size(); d-- > 0;) {
      if (++index[d] < static_cast<std::size_t>(shape[d])) break;
      index[d] = 0;
    }
  }
  return sorted;
}

double half_to_double(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31;
  const double fraction = bits & 1023;
  double value = 0;
  if (exponent == 31) {
    value = fraction == 0 ? HUGE_VAL : std::nan("");
  } else {
    value = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(fraction + 1024, exponent - 25);
  }
  return bits & 0x8000 ? -value : value;
}

template <class T>
double item_at(const std::uint8_t* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return static_cast<double>(value);
}

using ItemReader = double (*)(const std::uint8_t*);

struct ItemType {
  std::string_view dtype;
  std::size_t bytes;
  ItemReader read;
};
constexpr std::array<ItemType, 12> kItemTypes = {
    {{"u1", 1, item_at<std::uint8_t>},
     {"u2", 2, item_at<std::uint16_t>},
     {"u4", 4, item_at<std::uint32_t>},
     {"u8", 8, item_at<std::uint64_t>},
     {"i1", 1, item_at<std::int8_t>},
     {"i2", 2, item_at<std::int16_t>},
     {"i4", 4, item_at<std::int32_t>},
     {"i8", 8, item_at<std::int64_t>},
     {"f2", 2, [](const std::uint8_t* at) { return half_to_double(static_cast<std::uint16_t>(item_at<std::uint16_t>(at))); }},
     {"f4", 4, item_at<float>},
     {"f8", 8, item_at<double>},
     {"b1", 1, item_at<std::uint8_t>}}};

const ItemType* item_type(std::string_view dtype) {
  const auto found = std::find_if(kItemTypes.begin(), kItemTypes.end(), [&](const ItemType& type) { return type.dtype == dtype; });
  return found == kItemTypes.end() ? nullptr : &*found;
}

[[noreturn]] void refuse_other_file(std::span<const std::uint8_t> bytes, std::string_view name) {
  if (const auto kind = kind_of_file(bytes); kind && kind->what != "a NumPy array")
    throw Failure(ErrorCode::kUnsupported, "“" + std::string(name) + "” is " + kind->what, kind->hint);
  corrupt(name, "no NumPy file");
}

// What the header says, and the bytes that it says it of.
struct Stored {
  Header header;
  std::span<const std::uint8_t> content;
  std::size_t trailing = 0;

  std::size_t item_size() const { return npy_item_size(header.dtype); }
  bool is_swapped() const { return header.order == '>' && item_size() > 1; }
  bool is_transposed() const { return header.fortran && header.shape.size() > 1; }
};

Stored read_stored(std::span<const std::uint8_t> bytes, std::string_view name) {
  if (bytes.size() < 10 || std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) != 0) refuse_other_file(bytes, name);
  const int version = bytes[6];
  if (version < 1 || version > 3) corrupt(name, "an unknown version");
  const std::size_t length_size = version == 1 ? 2 : 4;
  if (bytes.size() < 8 + length_size) corrupt(name, "no header length");
  std::size_t length = 0;
  for (std::size_t i = 0; i < length_size; ++i) length |= std::size_t{bytes[8 + i]} << (8 * i);
  const std::size_t begin = 8 + length_size;
  if (length > kLargestHeader || length > bytes.size() - begin) corrupt(name, "the header is longer than the file");

  Header header = HeaderReader({reinterpret_cast<const char*>(bytes.data()) + begin, length}, name).read();
  const auto size = byte_size(header.dtype, header.shape);
  const std::size_t rest = bytes.size() - begin - length;
  if (!size || *size > rest) corrupt(name, "shorter than the header says");
  return {std::move(header), bytes.subspan(begin + length, *size), rest - *size};
}

NpyArray in_order(const Stored& stored) {
  const Header& header = stored.header;
  NpyArray array{header.dtype, header.shape, Bytes(stored.content.begin(), stored.content.end()), stored.trailing};
  if (stored.is_swapped()) swap_bytes(array.bytes, stored.item_size());
  if (stored.is_transposed()) array.bytes = from_fortran_order(array.bytes, header.shape, stored.item_size());
  return array;
}

NpyView view_of(NpyArray array) {
  const auto owner = std::make_shared<const NpyArray>(std::move(array));
  return {owner->dtype, owner->shape, owner->bytes, owner, owner->trailing};
}

// Up to and with the line break: as long as `least` at least, and a multiple of 64.
Bytes header_bytes(const std::string& dtype, const std::vector<std::int64_t>& dimensions, std::size_t least) {
  std::string shape;
  for (const std::int64_t dim : dimensions) shape += std::to_string(dim) + ",";
  if (dimensions.size() > 1) shape.pop_back();
  const char order = npy_item_size(dtype) == 1 ? '|' : '<';
  std::string header = "{'descr': '" + std::string(1, order) + dtype + "', 'fortran_order': False, 'shape': (" + shape + "), }";
  header.append(63 - (10 + header.size()) % 64, ' ');
  if (header.size() + 11 < least) header.append(least - header.size() - 11, ' ');
  header.append("\n");
  Bytes bytes(kMagic.begin(), kMagic.end());
  for (const std::size_t value : {std::size_t{1}, std::size_t{0}, header.size() & 255, header.size() >> 8})
    bytes.push_back(static_cast<std::uint8_t>(value));
  bytes.insert(bytes.end(), header.begin(), header.end());
  return bytes;
}

constexpr std::size_t kStreamedHeader = 192;  // room for any number of rows

}  // namespace

std::size_t npy_item_size(std::string_view dtype) {
  const ItemType* type = item_type(dtype);
  return type ? type->bytes : 0;
}

std::size_t NpyArray::size() const {
  const std::size_t item = npy_item_size(dtype);
  return item == 0 ? 0 : bytes.size() / item;
}

NpyArray parse_npy(std::span<const std::uint8_t> bytes, std::string_view name) { return in_order(read_stored(bytes, name)); }

NpyArray read_npy(const std::filesystem::path& path) { return parse_npy(read_file(path), path.filename().string()); }

NpyView view_npy(const std::filesystem::path& path, std::size_t mapped_from) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error || size < mapped_from) return view_of(read_npy(path));
  const auto file = std::make_shared<const MappedFile>(path);
  const Stored stored = read_stored(file->bytes(), path.filename().string());
  if (stored.is_swapped() || stored.is_transposed()) return view_of(in_order(stored));
  return {stored.header.dtype, stored.header.shape, stored.content, file, stored.trailing};
}

NpyWriter::NpyWriter(std::filesystem::path path, std::string dtype, std::vector<std::int64_t> row_shape)
    : path_(std::move(path)), dtype_(std::move(dtype)), shape_(std::move(row_shape)), file_(path_, std::ios::binary) {
  shape_.insert(shape_.begin(), 0);
  write(header_bytes(dtype_, shape_, kStreamedHeader));
}

void NpyWriter::add(std::span<const std::uint8_t> row) {
  write(row);
  ++rows_;
}

void NpyWriter::finish() {
  shape_.front() = rows_;
  file_.seekp(0);
  write(header_bytes(dtype_, shape_, kStreamedHeader));
  file_.close();
  write({});
}

void NpyWriter::write(std::span<const std::uint8_t> bytes) {
  if (!bytes.empty()) {
    errno = 0;
    file_.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }
  if (file_) return;
  if (errno == ENOSPC || errno == EDQUOT)
    throw Failure(ErrorCode::kDiskFull, "the disk is full: “" + path_.string() + "” cannot be written",
                  "make room, or choose another folder");
  throw Failure(ErrorCode::kUnwritable, "“" + path_.string() + "” cannot be written",
                "choose another folder, or check its permissions", errno == 0 ? "" : std::strerror(errno));
}

Bytes encode_npy(const NpyArray& array) {
  if (byte_size(array.dtype, array.shape) != array.bytes.size()) {
    throw Failure(ErrorCode::kInvalidArgument, "an array does not fit its type and shape",
                  "this is a defect of the program, please report it", array.dtype);
  }
  Bytes bytes = header_bytes(array.dtype, array.shape, 0);
  bytes.insert(bytes.end(), array.bytes.begin(), array.bytes.end());
  return bytes;
}

std::vector<double> to_doubles(const NpyArray& array) { return to_doubles(array.dtype, array.bytes); }

std::vector<double> to_doubles(std::string_view dtype, std::span<const std::uint8_t> bytes) {
  const ItemType* type = item_type(dtype);
  std::vector<double> values(bytes.size() / type->bytes);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = type->read(bytes.data() + i * type->bytes);
  return values;
}

}  // namespace kiln
