#include "engine/formats/file_kind.h"

#include <algorithm>
#include <string_view>

#include "engine/base/byte_source.h"

namespace kiln {
namespace {

struct Magic {
  std::size_t at;
  std::string_view bytes;
  const char *what, *hint;
};

using namespace std::string_view_literals;

constexpr const char* kUnpack = "unpack it, and choose what is in it";
constexpr const char* kServersAnswer = "a server's answer in place of the file";
constexpr const char* kDownload = "download the file itself; some sites want you to sign in first";
constexpr const char* kSaveAsPng = "save it as PNG";

constexpr Magic kMagics[] = {
    {0, "version https://git-lfs"sv, "a pointer of Git LFS in place of the file",
     "fetch the file itself with `git lfs pull`, or download it from the project's page"},
    {0, "\x89PNG"sv, "a PNG image", "choose it as a sprite or a sheet"},
    {0, "GIF8"sv, "a GIF image", "choose it as a sprite or a sheet"},
    {0, "\xff\xd8\xff"sv, "a JPEG image", "choose it as a sprite or a sheet"},
    {8, "WEBP"sv, "a WebP image", "choose it as a sprite or a sheet"},
    {4, "ftypavif"sv, "an AVIF image, which is not read", kSaveAsPng},
    {4, "ftypheic"sv, "a HEIC photograph, which is not read", kSaveAsPng},
    {0, "\x93NUMPY"sv, "a NumPy array", "choose it as a set of sprites"},
    {4, "\xe0\xa5"sv, "an Aseprite file", "choose it as a set of sprites"},
    {0, "GGUF"sv, "a language model (GGUF)", "choose a diffusion model of sprites"},
    {0, "\x89HDF\r\n"sv, "an HDF5 file, as Keras writes it", "choose a checkpoint of PyTorch, or convert it to safetensors"},
    {257, "ustar"sv, "a tar archive", kUnpack},
    {0, "\x1f\x8b"sv, "a gzip archive", kUnpack},
    {0, "7z\xbc\xaf"sv, "a 7z archive", kUnpack},
    {0, "Rar!"sv, "a RAR archive", kUnpack},
    {0,
     "\xfd"
     "7zXZ"sv,
     "an xz archive", kUnpack},
    {0, "PK\x03\x04"sv, "a ZIP archive", kUnpack},
    {0, "%PDF"sv, "a PDF document", "choose the file itself"},
};

// The beginning without spaces and a byte order mark, in lower case.
std::string beginning(std::span<const std::uint8_t> bytes) {
  std::string text(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(bytes.size(), 400)));
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
  text.erase(0, std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

std::optional<FileKind> kind_of_text(const std::string& text) {
  if (text.starts_with("<!doctype html") || text.starts_with("<html")) return FileKind{"a web page", kDownload};
  if (text.starts_with("<svg") || (text.starts_with("<?xml") && text.find("<svg") != std::string::npos))
    return FileKind{"a vector drawing (SVG)", "export it as PNG in the size of its pixels"};
  if (text.find("<tileset") != std::string::npos)
    return FileKind{"a tile set of Tiled", "choose the image that it names, and give the size of its tiles"};
  if (text.find("<error>") != std::string::npos) return FileKind{kServersAnswer, kDownload};
  if (text.starts_with("<?xml")) return FileKind{"an XML text", "choose the file that was meant, or download it again"};
  if (!text.starts_with('{')) return std::nullopt;
  if (text.find("\"weight_map\"") != std::string::npos)
    return FileKind{"the index of weights in several files", "choose the folder that it lies in"};
  if (text.find("\"error\"") != std::string::npos) return FileKind{kServersAnswer, kDownload};
  return FileKind{kPlainJson, "choose the file itself; the JSON of a sheet has a name that ends in .json"};
}

}  // namespace

std::optional<FileKind> kind_of_file(std::span<const std::uint8_t> bytes) {
  for (const Magic& magic : kMagics) {
    if (bytes.size() >= magic.at + magic.bytes.size() &&
        std::equal(magic.bytes.begin(), magic.bytes.end(), bytes.begin() + static_cast<std::ptrdiff_t>(magic.at),
                   [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; }))
      return FileKind{magic.what, magic.hint};
  }
  return kind_of_text(beginning(bytes));
}

std::optional<FileKind> kind_of_file(const std::filesystem::path& path) {
  const auto source = open_source(path);
  return kind_of_file(source->part(0, std::min<std::uint64_t>(source->size(), 512)));
}

}  // namespace kiln
