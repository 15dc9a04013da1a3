#include "engine/formats/palette_file.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/lower_case.h"
#include "engine/base/text.h"
#include "engine/formats/palette_binary.h"
#include "engine/formats/text_encoding.h"

namespace kiln {
namespace {

constexpr std::size_t kMostColours = 65536;
constexpr std::size_t kLargestFile = std::size_t{16} << 20;

// A colour of a palette file with the alpha that some have.
struct Entry {
  Rgb8 colour;
  int alpha = 255;
};

// "1a2b3c", "#1a2b3c", "0x1a2b3c", "#abc", and with alpha at the end, or for paint.net before: "1a2b3cff", "#abcf", "ff1a2b3c".
std::optional<Entry> hex_colour(std::string_view text, bool alpha_first) {
  const bool marked = text.starts_with('#');
  if (marked) text.remove_prefix(1);
  if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
  std::string digits;
  const bool short_form = text.size() == 3 || (text.size() == 4 && marked);
  for (const char digit : text) digits.append(short_form ? 2 : 1, digit);
  std::uint32_t value = 0;
  const char* end = digits.data() + digits.size();
  if ((digits.size() != 6 && digits.size() != 8) || std::from_chars(digits.data(), end, value, 16).ptr != end) return std::nullopt;
  int alpha = 255;
  if (digits.size() == 8) {
    alpha = static_cast<int>(alpha_first && !marked ? value >> 24 : value & 255);
    if (!alpha_first || marked) value >>= 8;
  }
  return Entry{{static_cast<std::uint8_t>(value >> 16 & 255), static_cast<std::uint8_t>(value >> 8 & 255),
                static_cast<std::uint8_t>(value & 255)},
               alpha};
}

// "255 128 0 and perhaps a name", or with alpha "255 128 0 255 name".
std::optional<Entry> decimal_colour(std::string_view text, bool with_alpha) {
  int channels[4] = {0, 0, 0, 255};
  for (int i = 0; i < (with_alpha ? 4 : 3); ++i) {
    text = trimmed(text);
    if (i == 3 && text.empty()) break;
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    const auto number = parse_int(text.substr(0, end));
    if (i == 3 && !number) break;  // a name
    if (!number || *number < 0 || *number > 255) return std::nullopt;
    channels[i] = static_cast<int>(*number);
    text.remove_prefix(end);
  }
  return Entry{
      {static_cast<std::uint8_t>(channels[0]), static_cast<std::uint8_t>(channels[1]), static_cast<std::uint8_t>(channels[2])},
      channels[3]};
}

class PaletteReader {
 public:
  PaletteReader(std::string_view text, std::string_view name) : name_(name) {
    palette_.name = name;
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    std::string plain(text);
    if (plain.find('\n') == std::string::npos) std::replace(plain.begin(), plain.end(), '\r', '\n');  // old Macs
    lines_ = split(plain, '\n');
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
                  "use a palette in GIMP (.gpl), JASC (.pal) or hex (.hex) form, an Aseprite file, or a PNG of its colours");
  }

  // An entry that is fully transparent is no colour.
  void add(const std::optional<Entry>& entry, std::size_t line) {
    if (!entry) refuse("has no colour in line " + std::to_string(line + 1));
    ++entries_;
    if (entry->alpha == 0) return;
    if (palette_.colours.size() == kMostColours) {
      throw Failure(ErrorCode::kUnsupported, "“" + std::string(name_) + "” has more than 65536 colours", "use a smaller palette");
    }
    palette_.colours.push_back(entry->colour);
  }

  void read_gimp() {
    for (std::size_t i = 1; i < lines_.size(); ++i) {
      const std::string_view line = trimmed(lines_[i]);
      if (line.empty() || line.starts_with('#') || line.starts_with("Columns:")) continue;
      if (line.starts_with("Channels:")) {
        with_alpha_ = trimmed(line.substr(9)) == "RGBA";
        continue;
      }
      if (line.starts_with("Name:")) {
        palette_.name = trimmed(line.substr(5));
      } else {
        add(decimal_colour(line, with_alpha_), i);
      }
    }
  }

  void read_jasc() {
    if (lines_.size() < 3 || trimmed(lines_[1]) != "0100") refuse("is no JASC palette of version 0100");
    for (std::size_t i = 3; i < lines_.size(); ++i) {
      if (const std::string_view line = trimmed(lines_[i]); !line.empty()) add(decimal_colour(line, true), i);
    }
    const auto claimed = parse_int(trimmed(lines_[2]));
    if (!claimed || *claimed < 0 || static_cast<std::size_t>(*claimed) != entries_) {
      refuse("says that it holds " + std::string(trimmed(lines_[2])) + " colours, and holds " + std::to_string(entries_));
    }
  }

  // A line that begins with “;” is a comment of paint.net.
  void read_hex() {
    const bool alpha_first = alpha_comes_first();
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const std::string_view line = trimmed(lines_[i]);
      if (line.empty() || line.starts_with(';')) continue;
      std::string decimal(line);
      for (char& c : decimal) c = c == ',' || c == '\t' ? ' ' : c;
      const auto colour = hex_colour(line, alpha_first);
      if (const auto one = colour ? colour : decimal_colour(decimal, true)) {
        add(one, i);
      } else {
        add_listed(decimal, alpha_first, i);
      }
    }
  }

  // "#1a2b3c, #5d275d", with commas or without. Three digits without a mark may be meant as a number.
  void add_listed(const std::string& line, bool alpha_first, std::size_t number) {
    for (const std::string& word : split(line, ' ')) {
      if (word.empty()) continue;
      const bool is_number = word.size() < 6 && !word.starts_with('#');
      const auto colour = is_number ? std::nullopt : hex_colour(word, alpha_first);
      if (!colour && entries_ == 0) refuse("is a text and no palette: line " + std::to_string(number + 1) + " is no colour");
      add(colour, number);
    }
  }

  // Of eight digits: paint.net, whose files end in .txt, writes alpha before the colour, others behind it. Where one of the two is
  // ff in every entry, that is alpha.
  bool alpha_comes_first() const {
    if (trimmed(lines_.front()).starts_with(';')) return true;
    bool any = false, all_first = true, all_last = true;
    for (const std::string& each : lines_) {
      const std::string line = lower_case(std::string(trimmed(each)));
      if (line.size() != 8 || line.starts_with("0x")) continue;
      any = true;
      all_first &= line.starts_with("ff");
      all_last &= line.ends_with("ff");
    }
    if (!any || all_first == all_last) return lower_case(std::string(name_)).ends_with(".txt");
    return all_first;
  }

  std::string_view name_;
  std::vector<std::string> lines_;
  bool with_alpha_ = false;
  std::size_t entries_ = 0;
  Palette palette_;
};

}  // namespace

Palette parse_palette(std::string_view text, std::string_view name) { return PaletteReader(text, name).read(); }

Palette read_palette(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  const Bytes bytes = read_file(path, kLargestFile);
  std::optional<Palette> palette = parse_binary_palette(bytes, name);
  if (!palette) palette = parse_palette(as_utf8(bytes, name), name);
  if (palette->name == name) palette->name = path.stem().string();
  return *std::move(palette);
}

}  // namespace kiln
