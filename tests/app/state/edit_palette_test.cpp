#include "app/state/edit_palette.h"

#include <doctest/doctest.h>

#include "engine/pixelart/drawing.h"

namespace kiln {
namespace {

constexpr Rgb8 kBlack{0, 0, 0}, kRed{255, 0, 0}, kGreen{0, 255, 0}, kWhite{255, 255, 255};

Image of_colours(const std::vector<Rgb8>& colours) {
  Image image(static_cast<int>(colours.size()), 1);
  for (int x = 0; x < image.width; ++x) {
    const Rgb8 c = colours[static_cast<std::size_t>(x)];
    set_pixel(image, {x, 0}, {c.r, c.g, c.b, 255});
  }
  return image;
}

using Colours = std::vector<Rgb8>;

TEST_CASE("The sprite's colours keep the artist's order as it is drawn on, and begin anew with another sprite") {
  EditPalette palette;
  palette.follow_sprite(of_colours({kWhite, kRed, kBlack}), true);
  CHECK(palette.colours() == Colours{kBlack, kRed, kWhite});
  palette.move(2, 0);
  CHECK(palette.colours() == Colours{kWhite, kBlack, kRed});
  palette.move(0, 1);
  CHECK(palette.colours() == Colours{kBlack, kWhite, kRed});
  palette.follow_sprite(of_colours({kGreen, kRed, kBlack}), false);
  CHECK(palette.colours() == Colours{kBlack, kRed, kGreen});
  palette.add(kWhite);
  palette.follow_sprite(of_colours({kBlack}), false);
  CHECK(palette.colours() == Colours{kBlack, kWhite});
  palette.follow_sprite(of_colours({kRed, kBlack}), true);
  CHECK(palette.colours() == Colours{kBlack, kRed});
}

TEST_CASE("The model's palette and a file's are kept side by side") {
  EditPalette palette;
  palette.follow_model({"model", {kRed, kGreen, kRed}});
  palette.source = PaletteSource::kModel;
  CHECK(palette.colours() == Colours{kRed, kGreen});
  palette.add(kWhite);
  palette.add(kRed);
  palette.follow_model({"model", {kRed, kGreen, kRed}});
  CHECK(palette.colours() == Colours{kRed, kGreen, kWhite});
  palette.load({"file", {kWhite, kBlack}});
  CHECK(palette.source == PaletteSource::kFile);
  CHECK(palette.shown() == Palette{"file", {kWhite, kBlack}});
  palette.move(0, 9);
  CHECK(palette.colours() == Colours{kWhite, kBlack});
  palette.source = PaletteSource::kModel;
  CHECK(palette.colours() == Colours{kRed, kGreen, kWhite});
  palette.follow_model({"other", {kBlack}});
  CHECK(palette.colours() == Colours{kBlack});
  palette.follow_model({});
  CHECK(palette.source == PaletteSource::kSprite);
}

TEST_CASE("All sprites' colours are offered, and the open data set's") {
  EditPalette palette;
  palette.source = PaletteSource::kBatch;
  palette.follow_batch({of_colours({kWhite, kRed}), of_colours({kBlack, kRed})}, true);
  CHECK(palette.colours() == Colours{kBlack, kRed, kWhite});
  palette.move(2, 0);
  palette.follow_batch({of_colours({kWhite, kRed}), of_colours({kBlack, kGreen})}, false);
  CHECK(palette.colours() == Colours{kWhite, kBlack, kRed, kGreen});
  CHECK(palette.shown().colours == palette.colours());
  palette.follow_dataset({"set", {kGreen, kBlack}});
  palette.source = PaletteSource::kDataset;
  CHECK(palette.shown() == Palette{"set", {kGreen, kBlack}});
  palette.follow_dataset({});
  CHECK(palette.source == PaletteSource::kSprite);
}

TEST_CASE("Of a batch with too many colours the most used ones are offered") {
  Image many(32, 32);
  for (int i = 0; i < 1024; ++i)
    set_pixel(many, {i % 32, i / 32}, {static_cast<std::uint8_t>(i % 256), static_cast<std::uint8_t>(i / 256), 9, 255});
  EditPalette palette;
  palette.source = PaletteSource::kBatch;
  palette.follow_batch({many, of_colours({kRed, kRed, kGreen, kGreen})}, true);
  CHECK(palette.colours().size() == EditPalette::kMostOfBatch);
  CHECK(palette.has(kRed));
  CHECK(palette.has(kGreen));
}

}  // namespace
}  // namespace kiln
