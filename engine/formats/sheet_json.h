#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/rect.h"
#include "engine/formats/sheet.h"

namespace kiln {

// Where a frame lies in its sheet, and how it is made whole again.
struct JsonFrame {
  std::string name;              // its key or file name, else its number from 0
  std::string tag;               // the frame tag's name (frame_tags.h); empty where there is none
  std::string class_name;        // as the tag's data says, else its name
  std::optional<bool> animated;  // whether the tag is an animation, where its data says so
  Rect area;                     // upright, as it is after turning back; x and y are the sheet's
  bool rotated = false;          // lies in the sheet turned by a quarter clockwise
  bool trimmed = false;
  Rect place;          // trimmed: where it is within its full size; width and height without inner padding
  int full_width = 0;  // of the frame as it was drawn; 0: not told
  int full_height = 0;
};

struct JsonSheet {
  std::string image = {};     // as the file names it, perhaps a path of another machine; empty where it does not
  int width = 0, height = 0;  // of that image when it was exported, in pixels; 0: not told
  std::vector<JsonFrame> frames = {};
};

// The sheets that a JSON file of Aseprite (`--data`, array or hash) or TexturePacker describes, in UTF-8 or UTF-16; several in a
// file with “textures”. A frame that cannot be understood is left out, and a note says which and why. `name` is what errors call
// the file. Throws Failure(kCorrupt): no JSON, with line and column; no frames, or none that can be understood, with the first
// reason. kUnsupported: another kind of file.
std::vector<JsonSheet> read_sheet_json(std::string_view bytes, std::string_view name, std::vector<std::string>& notes);

// What the frames cut from their sheet, in the file's order, fully transparent ones left out; of an image that is the exported one
// a whole number of times enlarged, that much larger. Inner padding is taken off, a trimmed frame is put back to its place in its
// full size, a rotated one turned back. Throws Failure(kInvalidArgument) if all lie outside of this sheet; notes name those that
// do.
std::vector<SheetSprite> cut_frames(const Image& image, const JsonSheet& sheet, std::string_view name,
                                    std::vector<std::string>& notes);

// The image of a sheet: what it names, beside the JSON file wherever it was exported; else the PNG of the file's name, which a note
// tells. Throws Failure(kUnsupported) if there is neither.
std::filesystem::path sheet_image(const std::filesystem::path& file, const JsonSheet& sheet, std::vector<std::string>& notes);

}  // namespace kiln
