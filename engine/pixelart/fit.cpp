#include "engine/pixelart/fit.h"

#include <string>

#include "engine/base/error.h"
#include "engine/pixelart/crop.h"
#include "engine/pixelart/scale.h"

namespace kiln {
namespace {

std::string size_text(int width, int height) { return std::to_string(width) + "×" + std::to_string(height); }

}  // namespace

Image fitted_to_sprite(const Image& image, std::string_view name, int width, int height) {
  if (image.width <= width && image.height <= height) return padded_to(image, width, height);
  const int grid = grid_factor({image}), factor = image.width / width;
  if (image.width == width * factor && image.height == height * factor && grid % factor == 0) return downscaled(image, factor);
  if (grid > 1 && image.width / grid <= width && image.height / grid <= height)
    return padded_to(downscaled(image, grid), width, height);
  throw Failure(ErrorCode::kInvalidArgument,
                "“" + std::string(name) + "” has " + size_text(image.width, image.height) +
                    " pixels, and the sprites of this model " + size_text(width, height),
                "cut it to at most " + size_text(width, height) + " pixels, or use a whole-number enlargement of such an image");
}

}  // namespace kiln
