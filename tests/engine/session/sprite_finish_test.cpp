#include "engine/session/sprite_finish.h"

#include <ATen/ATen.h>

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

ModelFacts crisp_facts() {
  ModelFacts facts;
  facts.hard_alpha = true;
  facts.palette = {"two", {{255, 0, 0}, {0, 0, 255}}};
  return facts;
}

int opaque(const Frame& frame) {
  int count = 0;
  for (std::size_t i = 3; i < frame.rgba.size(); i += 4) count += frame.rgba[i] == 255;
  return count;
}

}  // namespace

TEST_CASE("a finished sprite has hard alpha, the palette's colours and no stray pixel; a preview keeps its alpha") {
  const SpriteFinish finish(crisp_facts());
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

TEST_CASE("stray pixels stay where that is wished, and in models of soft alpha") {
  ParamMap values = defaults_of(sampling_specs());
  values["remove_strays"] = false;
  CHECK(opaque(SpriteFinish(crisp_facts(), values).finished(block_and_stray()).frame) == 37);
  ModelFacts soft = crisp_facts();
  soft.hard_alpha = false;
  CHECK(SpriteFinish(soft).finished(block_and_stray()).frame.sprite(0).pixel(1, 1)[3] == 230);
}

TEST_CASE("a colour of a single pixel becomes the sprite's near one, unless strays stay or any colour may be") {
  ModelFacts facts = crisp_facts();
  facts.palette.colours.push_back({230, 0, 0});
  at::Tensor x = block_and_stray();
  x.select(1, 0).slice(1, 6, 7).slice(2, 6, 7).fill_(0.8);  // one pixel inside, nearer to the darker red
  const auto reds = [&](const ParamMap& values) {
    const Frame frame = SpriteFinish(facts, values).finished(x).frame;
    int count = 0;
    for (std::size_t i = 0; i < frame.rgba.size(); i += 4) count += frame.rgba[i + 3] == 255 && frame.rgba[i] == 255;
    return count;
  };
  ParamMap values = defaults_of(sampling_specs());
  CHECK(reds(values) == 36);
  values["remove_strays"] = false;
  CHECK(reds(values) == 36);  // and the stray pixel, and not the one inside
}
