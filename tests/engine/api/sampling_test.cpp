#include "engine/api/sampling.h"

#include <doctest/doctest.h>

using namespace kiln;

namespace {

const std::vector<std::string> kClasses = {"chest", "flame", "walker"};
const std::vector<int> kFrames = {0, 2, 3};

SampleRequest request_of(std::int64_t count, std::int64_t first = 0, std::int64_t frame = 0) {
  SampleRequest request;
  request.settings.shared_params = {{"count", count}, {"seed", std::int64_t{40}}, {"frame", frame}};
  request.first = first;
  return request;
}

// "flame 2 @1": class, frame, seed after the request's.
std::vector<std::string> told(const SampleRequest& request) {
  std::vector<std::string> all;
  for (const SampledSprite& sprite : sampled_sprites(request, kClasses, kFrames))
    all.push_back(sprite.condition.front().name + " " + std::to_string(sprite.frame) + " @" + std::to_string(sprite.seed));
  return all;
}

}  // namespace

TEST_CASE("an animation takes as many places as it has frames, from one seed") {
  CHECK((told(request_of(8)) == std::vector<std::string>{"chest 0 @0", "flame 1 @1", "flame 2 @1", "walker 1 @2", "walker 2 @2",
                                                         "walker 3 @2", "chest 0 @3", "flame 1 @4"}));
  SampleRequest mixed = request_of(4);
  mixed.conditions = {{{"flame", 0.5}, {"walker", 0.5}}};
  CHECK((told(mixed) == std::vector<std::string>{"flame 1 @0", "flame 2 @0", "flame 3 @0", "flame 1 @1"}));
}

TEST_CASE("a part of a set has the sprites that the whole has there") {
  const std::vector<std::string> whole = told(request_of(40));
  for (std::int64_t first = 0; first < 30; ++first)
    CHECK((told(request_of(10, first)) == std::vector<std::string>(whole.begin() + first, whole.begin() + first + 10)));
}

TEST_CASE("one frame, of the classes that have it") {
  CHECK((told(request_of(4, 0, 2)) == std::vector<std::string>{"chest 0 @0", "flame 2 @1", "walker 2 @2", "chest 0 @3"}));
  CHECK(
      (told(request_of(3, 0, 3)) == std::vector<std::string>{"chest 0 @0", "flame 3 @1", "walker 3 @2"}));  // the engine refuses it
  SampleRequest each = request_of(3);
  each.frames = {0, 1, 3};
  CHECK((told(each) == std::vector<std::string>{"chest 0 @0", "flame 1 @1", "walker 3 @2"}));
}

TEST_CASE("a shared seed goes through all classes before the next") {
  SampleRequest request = request_of(8);
  request.settings.shared_params["share_seed"] = true;
  CHECK((told(request) == std::vector<std::string>{"chest 0 @0", "flame 1 @0", "flame 2 @0", "walker 1 @0", "walker 2 @0",
                                                   "walker 3 @0", "chest 0 @1", "flame 1 @1"}));
  const std::vector<std::string> whole = told(request);
  request.first = 5;
  request.settings.shared_params["count"] = std::int64_t{3};
  CHECK((told(request) == std::vector<std::string>(whole.begin() + 5, whole.end())));
}

TEST_CASE("without classes, and without animations, every sprite has its own seed") {
  const auto plain = sampled_sprites(request_of(3), {}, {});
  REQUIRE(plain.size() == 3);
  CHECK(plain[2].seed == 2);
  CHECK(plain[2].condition.empty());
  const auto still = sampled_sprites(request_of(4), {"a", "b"}, {});
  CHECK(still[3].condition.front().name == "b");
  CHECK(still[3].seed == 3);
}

TEST_CASE("the animations of a request are found among its sprites, the last one cut off") {
  const std::vector<SampledSprite> sprites = sampled_sprites(request_of(11), kClasses, kFrames);
  CHECK((animation_starts(sprites) == std::vector<std::size_t>{0, 1, 1, 3, 3, 3, 6, 7, 7, 9, 9}));
  CHECK((animation_starts(sampled_sprites(request_of(4, 0, 2), kClasses, kFrames)) == std::vector<std::size_t>{0, 1, 2, 3}));
  CHECK(animation_starts({}).empty());
}
