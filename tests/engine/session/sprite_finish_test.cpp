#include "engine/session/sprite_finish.h"

#include <ATen/ATen.h>

#include <array>
#include <map>
#include <set>

#include "engine/api/sampling.h"

#include <doctest/doctest.h>

using namespace kiln;

namespace {

// A block of 6×6 in a colour near pure red, one pixel alone, all else nearly transparent.
at::Tensor block_and_stray() {
  at::Tensor x = at::full({1, 4, 12, 12}, -0.9);
  const auto paint = [&](int top, int left, int side) {
    auto part = x.slice(2, top, top + side).slice(3, left, left + side);
    part.select(1, 0).fill_(0.93);
    part.select(1, 3).fill_(0.8);
  };
  paint(4, 4, 6);
  paint(1, 1, 1);
  return x;
}

Model crisp_model() {
  Model model;
  ModelFacts& facts = model.facts;
  facts.hard_alpha = true;
  facts.palette = {"two", {{255, 0, 0}, {0, 0, 255}}};
  return model;
}

int opaque(const Frame& frame) {
  int count = 0;
  for (std::size_t i = 3; i < frame.rgba.size(); i += 4) count += frame.rgba[i] == 255;
  return count;
}

}  // namespace

TEST_CASE("a finished sprite has hard alpha, the palette's colours and no stray pixel; a preview keeps its alpha") {
  const SpriteFinish finish(crisp_model());
  const auto [frame, palette] = finish.finished(block_and_stray());
  CHECK(palette == "model");
  CHECK(opaque(frame) == 36);
  for (std::size_t i = 0; i < frame.rgba.size(); i += 4) {
    const bool there = frame.rgba[i + 3] == 255;
    CHECK(frame.rgba[i] == (there ? 255 : 0));
    CHECK(frame.rgba[i + 1] == 0);
    CHECK((there || frame.rgba[i + 3] == 0));
  }
  const Frame preview = finish.preview(block_and_stray());
  CHECK(preview.sprite(0).pixel(1, 1)[3] == 230);
  CHECK(preview.sprite(0).pixel(1, 1)[0] == 255);
}

TEST_CASE("stray pixels stay where that is asked for, and in models of soft alpha") {
  ParamMap values = defaults_of(sampling_specs());
  values["remove_strays"] = false;
  CHECK(opaque(SpriteFinish(crisp_model(), values).finished(block_and_stray()).frame) == 37);
  Model soft = crisp_model();
  soft.facts.hard_alpha = false;
  CHECK(SpriteFinish(soft).finished(block_and_stray()).frame.sprite(0).pixel(1, 1)[3] == 230);
}

TEST_CASE("a colour of a single pixel becomes the sprite's near one, unless strays stay or any colour may be") {
  Model model = crisp_model();
  model.facts.palette.colours.push_back({230, 0, 0});
  at::Tensor x = block_and_stray();
  x.select(1, 0).slice(1, 6, 7).slice(2, 6, 7).fill_(0.8);  // one pixel inside, nearer to the darker red
  const auto reds = [&](const ParamMap& values) {
    const Frame frame = SpriteFinish(model, values).finished(x).frame;
    int count = 0;
    for (std::size_t i = 0; i < frame.rgba.size(); i += 4) count += frame.rgba[i + 3] == 255 && frame.rgba[i] == 255;
    return count;
  };
  ParamMap values = defaults_of(sampling_specs());
  CHECK(reds(values) == 36);
  values["remove_strays"] = false;
  CHECK(reds(values) == 36);  // and the stray pixel, and not the one inside
}

TEST_CASE("with half-transparent entries in a palette head, each pixel of a sprite is one of them") {
  Model model = crisp_model();
  model.facts.hard_alpha = false;
  model.palette_head = {kTransparent, {0, 0, 0, 170}, {255, 0, 0, 255}};
  at::Tensor x = block_and_stray();
  x.slice(2, 10, 12).select(1, 3).fill_(0.25);  // a shadow of alpha 159
  const SpriteFinish finish(model);
  for (const Frame& frame : {finish.finished(x).frame, finish.preview(x)}) {
    const auto pixel = [&](int column, int row) {
      const std::uint8_t* p = &frame.rgba[static_cast<std::size_t>(row * 12 + column) * 4];
      return Rgba8{p[0], p[1], p[2], p[3]};
    };
    CHECK((pixel(5, 5) == model.palette_head[2]));
    CHECK((pixel(3, 11) == model.palette_head[1]));
    CHECK((pixel(0, 0) == kTransparent));
  }
  ParamMap values = defaults_of(sampling_specs());
  values["palette"] = std::string("off");
  CHECK(SpriteFinish(model, values).finished(x).frame.sprite(0).pixel(3, 11)[3] == 159);

  model.palette_head.push_back({230, 0, 0, 255});
  x.slice(2, 1, 10).slice(3, 1, 10).select(1, 3).masked_fill_(x.slice(2, 1, 10).slice(3, 1, 10).select(1, 3) > 0, 1);
  x.select(1, 0).slice(1, 6, 7).slice(2, 6, 7).fill_(0.8);  // one pixel of a colour near that around it
  const auto red_at_it = [&](bool clean) {
    values = defaults_of(sampling_specs());
    values["remove_strays"] = clean;
    return int{SpriteFinish(model, values).finished(x).frame.rgba[(6 * 12 + 6) * 4]};
  };
  CHECK(red_at_it(true) == 255);
  CHECK(red_at_it(false) == 230);
}

TEST_CASE("near colours of a finished sprite become one where that is asked for, or where the model's file says so") {
  Model model = crisp_model();
  model.facts.palette = {};
  at::Tensor x = block_and_stray();
  x.select(1, 0).add_(0.02 * at::sin(at::arange(12 * 12).to(at::kFloat)).view({1, 12, 12})).clamp_(-1, 1);
  const auto colours = [](const Frame& frame) {
    std::set<std::array<int, 3>> found;
    for (std::size_t i = 0; i < frame.rgba.size(); i += 4)
      if (frame.rgba[i + 3] > 0) found.insert({frame.rgba[i], frame.rgba[i + 1], frame.rgba[i + 2]});
    return found.size();
  };
  CHECK(colours(SpriteFinish(model).finished(x).frame) > 1);
  ParamMap values = defaults_of(sampling_specs());
  values["merge_colours"] = 0.1;
  CHECK(colours(SpriteFinish(model, values).finished(x).frame) == 1);
  model.facts.sampling = {{"merge_colours", 0.1}};
  CHECK(colours(SpriteFinish(model).finished(x).frame) == 1);
}

TEST_CASE("a finished sprite has no more colours than are asked for, of those that it had") {
  Model model = crisp_model();
  model.facts.palette.colours = {{255, 0, 0}, {200, 0, 0}, {0, 0, 255}, {0, 255, 0}};
  at::Tensor x = block_and_stray();
  const auto paint = [&](std::int64_t row, std::int64_t from, std::int64_t to, double red, double green, double blue) {
    auto part = x.slice(2, row, row + 1).slice(3, from, to);
    part.select(1, 0).fill_(red), part.select(1, 1).fill_(green), part.select(1, 2).fill_(blue);
  };
  paint(4, 4, 8, 0.57, -1, -1);  // darker red, 4 pixels
  paint(9, 4, 10, -1, -1, 1);    // blue, 6
  paint(8, 4, 9, -1, 1, -1);     // green, 5
  ParamMap values = defaults_of(sampling_specs());
  values["remove_strays"] = false;
  const auto colours = [&](int most) {
    values["most_colours"] = std::int64_t{most};
    const Frame frame = SpriteFinish(model, values).finished(x).frame;
    std::map<std::array<int, 3>, int> counts;
    for (std::size_t i = 0; i < frame.rgba.size(); i += 4)
      if (frame.rgba[i + 3] > 0) ++counts[{frame.rgba[i], frame.rgba[i + 1], frame.rgba[i + 2]}];
    return counts;
  };
  CHECK(colours(0).size() == 4);
  CHECK((colours(4) == colours(0)));
  const auto three = colours(3);
  CHECK(three.size() == 3);
  CHECK(three.at({255, 0, 0}) == colours(0).at({255, 0, 0}) + 4);  // the darker red was used least
  CHECK(colours(2).size() == 2);
  CHECK(colours(1).size() == 1);
  CHECK(colours(1).begin()->second == 37);
}
