#include "engine/base/pixel_bytes.h"

#include <doctest/doctest.h>

#include <memory>
#include <vector>

#include "engine/base/image.h"

using namespace kiln;

namespace {

Image image_over(const std::shared_ptr<const std::vector<std::uint8_t>>& bytes) {
  Image image;
  image.width = image.height = 1;
  image.rgba = PixelBytes(*bytes, bytes);
  return image;
}

}  // namespace

TEST_CASE("an image over shared bytes is equal to one of its own, and writing to it leaves them and its copies as they are") {
  const auto bytes = std::make_shared<const std::vector<std::uint8_t>>(std::vector<std::uint8_t>{1, 2, 3, 255});
  Image image = image_over(bytes);
  const Image copy = image;
  Image own(1, 1);
  own.rgba = {1, 2, 3, 255};
  CHECK(copy == own);
  CHECK(copy.rgba.data() == bytes->data());
  image.pixel(0, 0)[1] = 9;
  CHECK(image.rgba == std::vector<std::uint8_t>{1, 9, 3, 255});
  CHECK(copy == own);
  CHECK((*bytes)[1] == 2);
}

TEST_CASE("shared bytes live as long as the last image over them") {
  auto bytes = std::make_shared<const std::vector<std::uint8_t>>(std::vector<std::uint8_t>{4, 5, 6, 7});
  const std::weak_ptr<const std::vector<std::uint8_t>> watched = bytes;
  Image image = image_over(bytes);
  bytes.reset();
  Image moved = std::move(image);
  CHECK(!watched.expired());
  CHECK(std::as_const(moved).rgba[3] == 7);
  moved.rgba[3] = 8;
  CHECK(watched.expired());
  CHECK(moved.rgba == std::vector<std::uint8_t>{4, 5, 6, 8});
}

TEST_CASE("pixels are cleared, assigned and added to as a vector's are") {
  PixelBytes pixels(4, 7);
  const std::vector<std::uint8_t> more = {1, 2};
  pixels.insert(pixels.end(), more.begin(), more.end());
  CHECK(pixels == std::vector<std::uint8_t>{7, 7, 7, 7, 1, 2});
  pixels.assign(more.begin(), more.end());
  CHECK(std::vector<std::uint8_t>(pixels) == more);
  pixels.clear();
  CHECK(pixels.empty());
}
