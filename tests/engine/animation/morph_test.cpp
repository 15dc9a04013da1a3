#include "engine/animation/morph.h"

#include <doctest/doctest.h>

#include <tuple>

using namespace kiln;

namespace {

Morph potion_morph() {
  Morph morph;
  morph.from.model_path = "m.safetensors";
  morph.from.conditions = {{{"potion", 1}}};
  morph.from.settings.sampler = "ddpm";
  morph.from.settings.shared_params = {{"seed", std::int64_t{7}}, {"steps", std::int64_t{6}}, {"count", std::int64_t{16}}};
  return morph;
}

// From which seed, to which, and how far: a seed alone is the whole way to itself.
std::tuple<std::int64_t, std::int64_t, double> noise_of(const SampleRequest& request) {
  const ParamMap& values = request.settings.shared_params;
  const std::int64_t seed = get_int(values, "seed");
  if (!values.contains("variation")) return {seed, seed, 0.0};
  return {get_int(values, "variation_of"), seed, get_real(values, "variation")};
}

}  // namespace

TEST_CASE("a morph's noise goes by even steps from the one seed to the other, all else stays") {
  Morph morph = potion_morph();
  morph.to_seed = 90;
  CHECK(noise_of(morph_request(morph, 0, 5)) == std::tuple(7, 7, 0.0));
  CHECK(noise_of(morph_request(morph, 1, 5)) == std::tuple(7, 90, 0.25));
  CHECK(noise_of(morph_request(morph, 4, 5)) == std::tuple(7, 90, 1.0));
  const SampleRequest request = morph_request(morph, 3, 5);
  CHECK(request.model_path == "m.safetensors");
  CHECK(request.settings.sampler == "ddpm");
  CHECK(request.conditions == morph.from.conditions);
  CHECK(get_int(request.settings.shared_params, "steps") == 6);
  CHECK(get_int(request.settings.shared_params, "count") == 1);
  CHECK(get_int(request.settings.shared_params, "preview_every") == 0);
  morph.to_seed = 7;
  CHECK(noise_of(morph_request(morph, 3, 5)) == std::tuple(7, 7, 0.0));
}

TEST_CASE("a morph's classes are mixed as far as the frame is on the way") {
  Morph morph = potion_morph();
  morph.to_condition = Condition{{"sword", 1}};
  const auto classes = [&](int index) { return morph_request(morph, index, 5).conditions; };
  CHECK(classes(0) == std::vector<Condition>{{{"potion", 1}}});
  CHECK(classes(1) == std::vector<Condition>{{{"potion", 0.75}, {"sword", 0.25}}});
  CHECK(classes(4) == std::vector<Condition>{{{"sword", 1}}});
  CHECK(noise_of(morph_request(morph, 3, 5)) == std::tuple(7, 7, 0.0));
  morph.from.conditions = {{{"potion", 0.5}, {"axe", 0.5}}};
  CHECK(classes(2) == std::vector<Condition>{{{"axe", 0.25}, {"potion", 0.25}, {"sword", 0.5}}});
  morph.to_condition = Condition{};  // no class
  CHECK(classes(2) == std::vector<Condition>{{{"axe", 0.25}, {"potion", 0.25}}});
  CHECK(classes(4) == std::vector<Condition>{Condition{}});
  morph.from.conditions.clear();  // the model's first class
  CHECK(classes(2).empty());
}
