#include "engine/formats/palette_file.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/text.h"

namespace kiln {
namespace {

constexpr std::size_t kMostColours = 65536;
constexpr std::size_t kLargestFile = std::size_t{4} << 20;

std::optional<Rgb8> hex_colour(std::string_view text) {
  if (text.starts_with('#')) text.remove_prefix(1);
  unsigned value = 0;
  const char* end = text.data() + text.size();
  if (text.size() != 6 || std::from_chars(text.data(), end, value, 16).ptr != end) return std::nullopt;
  return Rgb8{static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 8 & 255),
              static_cast<std::uint8_t>(value & 255)};
}

// "255 128 0 and perhaps a name"
std::optional<Rgb8> decimal_colour(std::string_view text) {
  std::uint8_t channels[3] = {};
  for (std::uint8_t& channel : channels) {
    text = trimmed(text);
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    const auto number = parse_int(text.substr(0, end));
    if (!number || *number < 0 || *number > 255) return std::nullopt;
    channel = static_cast<std::uint8_t>(*number);
    text.remove_prefix(end);
  }
  return Rgb8{channels[0], channels[1], channels[2]};
}

class PaletteReader {
 public:
  PaletteReader(std::string_view text, std::string_view name) : name_(name) {
    palette_.name = name;
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    lines_ = split(text, '\n');
  }

  Palette read() {
    const std::string_view first = trimmed(lines_.front());
    if (first == "GIMP Palette") {
      read_gimp();
    } else if (first == "JASC-PAL") {
      read_jasc();
    } else {
      read_hex();
    }
    if (palette_.colours.empty()) refuse("holds no colours");
    return std::move(palette_);
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw Failure(ErrorCode::kCorrupt, "“" + std::string(name_) + "” " + what,
                  "use a palette in GIMP (.gpl), JASC (.pal) or hex (.hex) form");
  }

  void add(const std::optional<Rgb8>& colour, std::size_t line) {
    if (!colour) refuse("has no colour in line " + std::to_string(line + 1));
    if (palette_.colours.size() == kMostColours) {
      throw Failure(ErrorCode::kUnsupported, "“" + std::string(name_) + "” has more than 65536 colours", "use a smaller palette");
    }
    palette_.colours.push_back(*colour);
  }

  void read_gimp() {
    for (std::size_t i = 1; i < lines_.size(); ++i) {
      const std::string_view line = trimmed(lines_[i]);
      if (line.empty() || line.starts_with('#') || line.starts_with("Columns:")) continue;
      if (line.starts_with("Name:")) {
        palette_.name = trimmed(line.substr(5));
      } else {
        add(decimal_colour(line), i);
      }
    }
  }

  void read_jasc() {
    if (lines_.size() < 3 || trimmed(lines_[1]) != "0100") refuse("is no JASC palette of version 0100");
    for (std::size_t i = 3; i < lines_.size(); ++i) {
      if (const std::string_view line = trimmed(lines_[i]); !line.empty()) add(decimal_colour(line), i);
    }
    const auto claimed = parse_int(trimmed(lines_[2]));
    if (!claimed || *claimed < 0 || static_cast<std::size_t>(*claimed) != palette_.colours.size()) {
      refuse("holds another number of colours than it says");
    }
  }

  void read_hex() {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (const std::string_view line = trimmed(lines_[i]); !line.empty()) add(hex_colour(line), i);
    }
  }

  std::string_view name_;
  std::vector<std::string> lines_;
  Palette palette_;
};

}  // namespace

Palette parse_palette(std::string_view text, std::string_view name) { return PaletteReader(text, name).read(); }

Palette read_palette(const std::filesystem::path& path) {
  Palette palette = parse_palette(read_text(path, kLargestFile), path.filename().string());
  if (palette.name == path.filename().string()) palette.name = path.stem().string();
  return palette;
}

}  // namespace kiln
