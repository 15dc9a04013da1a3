#include "engine/formats/ase/ase_document.h"

#include <algorithm>

#include "engine/formats/ase/ase_bytes.h"
#include "engine/formats/ase/ase_cels.h"
#include "engine/formats/ase/ase_chunks.h"

namespace kiln {
namespace {

constexpr std::size_t kHeaderSize = 128, kFrameHeaderSize = 16, kChunkHeaderSize = 6;  // bytes
constexpr int kFileMagic = 0xA5E0, kFrameMagic = 0xF1FA;

enum ChunkType : int {
  kOldPalette = 0x0004,
  kOlderPalette = 0x0011,
  kLayer = 0x2004,
  kCel = 0x2005,
  kProfile = 0x2007,
  kExternalFiles = 0x2008,
  kTags = 0x2018,
  kPalette = 0x2019,
  kSlice = 0x2022,
  kTileset = 0x2023,
};

AseHeader read_header(std::span<const std::uint8_t> bytes, std::string_view name) {
  AseBytes reader(bytes.first(std::min(bytes.size(), kHeaderSize)), name, "its header");
  AseHeader header;
  reader.skip(4);  // the file's size: the frames say their own
  if (reader.word() != kFileMagic) reader.corrupt("is another format's");
  header.frames = reader.word();
  header.width = reader.word(), header.height = reader.word();
  const int depth = reader.word();
  const std::uint32_t flags = reader.double_word();
  header.layers_have_opacity = flags & 1;
  header.groups_composite = flags & 2;
  header.milliseconds = reader.word();
  reader.skip(8);
  header.transparent_index = reader.byte();
  reader.skip(5);
  header.pixel_width = reader.byte(), header.pixel_height = reader.byte();
  reader.skip(92);
  if (header.frames == 0 || header.width == 0 || header.height == 0) reader.corrupt("gives a canvas without pixels");
  if (depth != 8 && depth != 16 && depth != 32) {
    ase_unsupported(name, "has " + std::to_string(depth) + " bits per pixel, which no version of Aseprite is known to write");
  }
  header.bytes_per_pixel = depth / 8;
  return header;
}

void check_size(const AseHeader& header, std::string_view name) {
  const auto pixels = static_cast<std::uint64_t>(header.width) * static_cast<std::uint64_t>(header.height);
  if (header.width <= kAseLargestSide && header.height <= kAseLargestSide &&
      pixels * static_cast<std::uint64_t>(header.frames) <= kAseMostPixels) {
    return;
  }
  ase_unsupported(name, "has " + std::to_string(header.frames) + " frames of " + std::to_string(header.width) + "×" +
                            std::to_string(header.height) + " pixels, more than can be read");
}

class DocumentReader {
 public:
  DocumentReader(std::span<const std::uint8_t> bytes, std::string_view name)
      : file_(bytes), name_(name), cels_(document_, name), palette_(name) {}

  AseDocument read() {
    document_.header = read_header(file_, name_);
    check_size(document_.header, name_);
    std::size_t begin = kHeaderSize;
    for (int frame = 0; frame < document_.header.frames; ++frame) {
      const std::string where = "frame " + std::to_string(frame + 1);
      AseBytes size_reader(file_.subspan(begin), name_, where);
      const std::size_t size = size_reader.double_word();
      if (size < kFrameHeaderSize || size > file_.size() - begin) size_reader.corrupt("is cut off");
      read_frame(AseBytes(file_.subspan(begin, size), name_, where));
      begin += size;
    }
    document_.palette = palette_.take_changes();
    return std::move(document_);
  }

 private:
  void read_frame(AseBytes frame) {
    frame.skip(4);
    if (frame.word() != kFrameMagic) frame.corrupt("does not begin as a frame");
    const std::uint32_t old_count = frame.word();
    const int milliseconds = frame.word();
    frame.skip(2);
    const std::uint32_t new_count = frame.double_word();
    document_.frames.push_back({milliseconds > 0 ? milliseconds : document_.header.milliseconds, {}});
    for (std::uint32_t left = new_count != 0 ? new_count : old_count; left > 0; --left) {
      const std::size_t size = frame.double_word();
      const int type = frame.word();
      if (size < kChunkHeaderSize) frame.corrupt("has a chunk smaller than its own header");
      read_chunk(type, frame.bytes(size - kChunkHeaderSize));
    }
    cels_.finish_frame();
  }

  void read_chunk(int type, std::span<const std::uint8_t> content) {
    const std::size_t frame = document_.frames.size() - 1;
    const auto reader = [&](const char* what) {
      return AseBytes(content, name_, std::string(what) + " in frame " + std::to_string(frame + 1));
    };
    switch (type) {
      case kOldPalette:
      case kOlderPalette:
        return palette_.read_old(reader("the palette"), static_cast<int>(frame), type == kOlderPalette);
      case kPalette:
        return palette_.read_new(reader("the palette"), static_cast<int>(frame));
      case kLayer:
        return read_ase_layer(reader("a layer"), name_, document_);
      case kCel:
        return cels_.read(content);
      case kProfile:
        document_.embedded_profile |= is_foreign_ase_profile(reader("the colour profile"));
        return;
      case kExternalFiles:
        document_.external_palette |= has_external_ase_palette(reader("the list of external files"));
        return;
      case kTags:
        return read_ase_tags(reader("the list of tags"), document_);
      case kSlice:
        return read_ase_slice(reader("a slice"), document_);
      case kTileset:
        return read_ase_tileset(reader("a tileset"), name_, document_);
      default:
        return;  // user data, masks, what later versions add
    }
  }

  std::span<const std::uint8_t> file_;
  std::string_view name_;
  AseDocument document_;
  AseCelReader cels_;
  AsePaletteReader palette_;
};

}  // namespace

AseDocument parse_ase(std::span<const std::uint8_t> bytes, std::string_view name) { return DocumentReader(bytes, name).read(); }

std::string ase_cel_name(const AseDocument& document, std::size_t layer, std::size_t frame) {
  return "the cel of layer " + ase_quoted(document.layers[layer].name) + " in frame " + std::to_string(frame + 1);
}

void check_ase_ratio(std::uint64_t size, std::size_t compressed, std::string_view file, const std::string& where) {
  constexpr std::uint64_t kLargestRatio = 1032;
  if (size > kLargestRatio * compressed) ase_corrupt(file, where + " has fewer bytes than its pixels need");
}

bool is_ase(std::span<const std::uint8_t> bytes) {
  const auto word = [&](std::size_t at) { return bytes[at] | bytes[at + 1] << 8; };
  return bytes.size() >= kHeaderSize + kFrameHeaderSize && word(4) == kFileMagic && word(kHeaderSize + 4) == kFrameMagic;
}

}  // namespace kiln
