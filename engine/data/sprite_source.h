#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/api/dataset.h"
#include "engine/formats/image_folder.h"
#include "engine/formats/npy.h"

namespace kiln {

// Sprites on their way into a set, and what was met on it.
struct SpriteCollection {
  std::vector<DatasetSprite> sprites;
  std::vector<LeftOut> left_out;
  std::vector<std::string> passed_over;  // files of other kinds
  std::vector<std::string> notes;
  std::vector<std::string> splits;        // folders such as train and test whose folders are its classes
  std::vector<std::string> flip_classes;  // may be mirrored in training; "*" for all
};

// Reads a SpriteSource in small steps.
class SpriteReader {
 public:
  virtual ~SpriteReader() = default;

  // Reads some more; false when nothing is left. Throws Failure when the source as a whole is unusable.
  virtual bool step() = 0;
  virtual std::int64_t done() const = 0;
  virtual std::int64_t total() const = 0;
  // What was read; once, at the end.
  virtual SpriteCollection take() = 0;
};

// Throws Failure: kNotFound, kUnreadable, kInvalidArgument (options that do not fit what the path is), kCorrupt.
std::unique_ptr<SpriteReader> open_sprite_source(const SpriteSource& source);

// A .npy array of sprites; `labels` and `class_names` as in SpriteSource. Throws as open_sprite_source.
std::unique_ptr<SpriteReader> open_sprite_array(const SpriteSource& source);

// A folder as PackedSetWriter writes it; the sprites stay in its files. Throws as open_sprite_source.
std::unique_ptr<SpriteReader> open_packed_set(const std::string& folder);

}  // namespace kiln
