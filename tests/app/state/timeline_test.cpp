#include "app/state/timeline.h"

#include <doctest/doctest.h>

#include "app/state/large_view.h"

namespace kiln {
namespace {

// Both pixels of 2×1 sprites have the value step * 10 + index.
Frame frame_at(int step, int total, int count) {
  Frame frame{{1}, step, total, 2, 1, count, {}};
  for (int i = 0; i < count; ++i) frame.rgba.insert(frame.rgba.end(), 8, static_cast<std::uint8_t>(step * 10 + i));
  return frame;
}

std::shared_ptr<Fade> fade_of(int total, int count, double level = 1, std::size_t most = Fade::kMostBytes) {
  auto fade = std::make_shared<Fade>(level, most);
  for (int step = 1; step <= total; ++step) fade->add(frame_at(step, total, count));
  return fade;
}

GeneratedBatch batch_of(int count) {
  GeneratedBatch batch;
  batch.job = {1};
  batch.width = 2;
  batch.height = 1;
  batch.request.settings.shared_params = {{"count", count}, {"seed", 1}};
  batch.rgba.assign(static_cast<std::size_t>(count) * 8, 255);
  batch.sprites.resize(static_cast<std::size_t>(count));
  batch.version = 1;
  return batch;
}

TEST_CASE("A fade gives the newest step that is not later, and the first before that") {
  const auto fade = fade_of(5, 2);
  CHECK(fade->steps() == std::vector<int>{1, 2, 3, 4, 5});
  CHECK(fade->pixels(1, 3)[0] == 31);
  CHECK(fade->pixels(0, 99)[0] == 50);
  CHECK(fade->pixels(0, 0)[0] == 10);
  CHECK(fade->pixels(2, 3).empty());
  CHECK(fade->bytes() == 5 * 2 * 8);
}

TEST_CASE("A long fade keeps every second step, then every fourth, and never more than it may") {
  const auto fade = fade_of(20, 1, 1, 5 * 8);
  CHECK(fade->bytes() <= 5 * 8);
  CHECK(fade->steps() == std::vector<int>{1, 5, 9, 13, 17});
  CHECK(fade->pixels(0, 12)[0] == 90);
}

TEST_CASE("The noise that is left falls with the steps, from what the run began with") {
  CHECK(fade_of(4, 1)->level_after(1) == doctest::Approx(0.75));
  CHECK(fade_of(4, 1, 0.5)->level_after(2) == doctest::Approx(0.25));
  CHECK(fade_of(4, 1)->level_after(4) == 0);
}

TEST_CASE("The timeline shows earlier steps of all sprites, and at its end the finished ones") {
  GeneratedBatch batch = batch_of(2);
  const auto fade = fade_of(4, 2);
  batch.origins = {{"m", fade, 0, 4, 4}, {"m", fade, 1, 4, 4}};
  Timeline timeline;
  timeline.follow(batch, false);
  CHECK(timeline.stops() == std::vector<int>{1, 2, 3, 4});
  CHECK(timeline.at_end());
  CHECK(timeline.pixels(batch)[0] == 255);
  const auto before = timeline.version();
  timeline.move(-1);
  CHECK(timeline.version() != before);
  CHECK(timeline.step() == 3);
  CHECK(timeline.pixels(batch)[0] == 30);
  CHECK(timeline.pixels(batch)[8] == 31);
  CHECK(timeline.image(batch, 1).rgba[0] == 31);
  CHECK(timeline.level(batch, 0) == doctest::Approx(0.25));
  timeline.move(-9);
  CHECK(timeline.step() == 1);
  timeline.show(4);
  CHECK(timeline.at_end());
  CHECK(timeline.pixels(batch)[8] == 255);
}

TEST_CASE("Some sprites go back to earlier steps while the others stay at their end") {
  GeneratedBatch batch = batch_of(3);
  auto stopped = std::make_shared<Fade>();
  for (int step = 1; step <= 3; ++step) stopped->add(frame_at(step, 4, 1));
  const auto fade = fade_of(4, 2);
  batch.origins = {{"m", fade, 0, 4, 4}, {"m", fade, 1, 4, 4}, {"m", stopped, 0, 3, 4}};
  Timeline timeline;
  timeline.follow(batch, false);
  auto version = timeline.version();
  timeline.show_only({1});
  CHECK(timeline.version() == version);  // at the end, nothing looks different
  timeline.show(2);
  CHECK(timeline.pixels(batch)[0] == 255);
  CHECK(timeline.pixels(batch)[8] == 21);
  CHECK(timeline.pixels(batch)[16] == 255);
  CHECK(timeline.image(batch, 0).rgba[0] == 255);
  CHECK(timeline.image(batch, 1).rgba[0] == 21);
  CHECK(timeline.level(batch, 0) == 0);
  CHECK(timeline.level(batch, 1) == doctest::Approx(0.5));
  CHECK(timeline.level(batch, 2) == doctest::Approx(0.25));  // what is left where it was stopped
  version = timeline.version();
  timeline.show_only({0, 7});  // one that is not there is passed over
  CHECK(timeline.version() != version);
  CHECK(timeline.step() == 2);
  CHECK(timeline.pixels(batch)[0] == 20);
  CHECK(timeline.pixels(batch)[8] == 255);
  timeline.show_only({});
  CHECK(timeline.pixels(batch)[0] == 20);
  CHECK(timeline.pixels(batch)[8] == 21);
}

TEST_CASE("A sprite made in fewer steps is shown equally far on its way, one without a fade finished") {
  GeneratedBatch batch = batch_of(3);
  batch.origins = {{"m", fade_of(8, 1), 0, 8, 8}, {"m", fade_of(4, 1), 0, 4, 4}, {"m", nullptr, 0, 8, 8}};
  Timeline timeline;
  timeline.follow(batch, false);
  timeline.show(4);
  CHECK(timeline.pixels(batch)[0] == 40);
  CHECK(timeline.pixels(batch)[8] == 20);
  CHECK(timeline.pixels(batch)[16] == 255);
}

TEST_CASE("The step that is seen is told in each sprite's own steps, and none where its end is seen") {
  GeneratedBatch batch = batch_of(4);
  const auto sparse = fade_of(8, 1, 1, 4 * 8);  // every second one was kept
  batch.origins = {{"m", fade_of(8, 1), 0, 8, 8}, {"m", fade_of(4, 1), 0, 4, 4}, {"m", nullptr, 0, 8, 8}, {"m", sparse, 0, 8, 8}};
  REQUIRE(sparse->steps() == std::vector<int>{1, 3, 5, 7});
  Timeline timeline;
  timeline.follow(batch, false);
  CHECK_FALSE(timeline.earlier_step(batch, 0));
  timeline.show(6);
  CHECK(timeline.earlier_step(batch, 0) == 6);
  CHECK(timeline.earlier_step(batch, 1) == 3);
  CHECK_FALSE(timeline.earlier_step(batch, 2));
  CHECK(timeline.earlier_step(batch, 3) == 5);
  CHECK(timeline.pixels(batch)[24] == 50);
  CHECK_FALSE(timeline.earlier_step(batch, 4));
  timeline.show_only({1});
  CHECK_FALSE(timeline.earlier_step(batch, 0));
  CHECK(timeline.earlier_step(batch, 1) == 3);
  timeline.show(8);
  CHECK_FALSE(timeline.earlier_step(batch, 1));
}

TEST_CASE("Sprites that were stopped early have noise left at their end, finished ones have none") {
  GeneratedBatch batch = batch_of(2);
  auto stopped = std::make_shared<Fade>(0.5);
  for (int step = 1; step <= 3; ++step) stopped->add(frame_at(step, 4, 1));
  batch.origins = {{"m", stopped, 0, 3, 4}, {"m", fade_of(4, 1), 0, 4, 4}};
  Timeline timeline;
  timeline.follow(batch, false);
  CHECK(timeline.at_end());
  CHECK(timeline.level(batch, 0) == doctest::Approx(0.125));
  CHECK(timeline.level(batch, 1) == 0);
}

TEST_CASE("Other sprites, or sprites being made, are shown as they are") {
  GeneratedBatch batch = batch_of(1);
  batch.origins = {{"m", fade_of(4, 1), 0, 4, 4}};
  Timeline timeline;
  timeline.follow(batch, false);
  timeline.show(2);
  batch.version = 2;
  timeline.follow(batch, true);
  CHECK(timeline.at_end());
  CHECK(timeline.stops().empty());
}

TEST_CASE("The enlarged sprite fits its box, and is zoomed about the pointer") {
  LargeView view;
  LargePlace place = place_in(view, 200, 100, 16, 16);
  CHECK(place.zoom == 6);
  CHECK(place.x == 52);
  CHECK(place.y == 2);
  const float texel = (100 - place.x) / static_cast<float>(place.zoom);
  zoom_at(view, 3, 100, 50, 200, 100, 16, 16);
  place = place_in(view, 200, 100, 16, 16);
  CHECK(place.zoom > 6);
  CHECK((100 - place.x) / static_cast<float>(place.zoom) == doctest::Approx(texel).epsilon(0.05));
  pan(view, 1000, -1000, 200, 100, 16, 16);
  place = place_in(view, 200, 100, 16, 16);
  CHECK(place.x < 200);
  CHECK(place.y + static_cast<float>(16 * place.zoom) > 0);
  CHECK(place_in({.tile = true}, 200, 200, 16, 16).zoom == 4);
}

TEST_CASE("A fade as frames: some of the sprites at each stop, the finished ones last") {
  GeneratedBatch batch = batch_of(3);
  const auto fade = fade_of(4, 3);
  for (int i = 0; i < 3; ++i) batch.origins.push_back({"m", fade, i, 4, 4});
  const std::vector<Frame> frames = fade_frames(batch, {2, 0});
  REQUIRE(frames.size() == 4);
  CHECK(frames[0].count == 2);
  CHECK((frames[0].rgba[0] == 12 && frames[0].rgba[8] == 10));
  CHECK((frames[2].rgba[0] == 32 && frames[2].rgba[8] == 30));
  CHECK(frames[3].rgba[0] == 255);
  batch.origins.clear();
  batch.version = 2;
  CHECK(fade_frames(batch, {0}).empty());
}

}  // namespace
}  // namespace kiln
