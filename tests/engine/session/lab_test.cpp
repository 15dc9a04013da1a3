// A sprite under a model at one noise level, through the engine's own interface.

#include <doctest/doctest.h>

#include "tests/engine/session/support.h"
#include "tests/support/errors.h"

using namespace kiln;
using namespace kiln::test;

namespace {

struct Lab {
  TemporaryFolder folder;
  Listener engine;
  std::string model = make_model_file(folder);

  LabRequest request(double level) const {
    LabRequest made;
    made.model_path = model;
    made.sprite = Image(16, 16);
    for (int i = 3; i < 12; ++i) {
      for (int c = 0; c < 4; ++c) made.sprite.pixel(i, 5)[c] = static_cast<std::uint8_t>(c == 3 ? 255 : 20 * i + c);
    }
    made.level = level;
    made.condition = {{"potion", 1.0}};
    made.settings.shared_params = {{"seed", std::int64_t{11}}, {"steps", std::int64_t{5}}};
    return made;
  }
  const JobEnded& run(std::uint64_t id, LabRequest request) {
    engine.send(StudySprite{{id}, std::move(request)});
    REQUIRE(engine.wait_for_end({id}));
    return *engine.ended({id});
  }
};

// The largest difference between colours where both show something; more than any where that is hardly anywhere.
int differs(const Image& a, const Image& b) {
  int worst = 0, compared = 0;
  for (std::size_t i = 0; i < a.rgba.size(); i += 4) {
    if (a.rgba[i + 3] == 0 || b.rgba[i + 3] == 0) continue;
    ++compared;
    for (std::size_t c = 0; c < 3; ++c) worst = std::max(worst, std::abs(a.rgba[i + c] - b.rgba[i + c]));
  }
  return compared > 20 ? worst : 256;
}

}  // namespace

TEST_CASE("pictures, attention, the classes, and the run from there on") {
  Lab lab;
  CHECK(lab.run(1, lab.request(1)).outcome == Outcome::kDone);
  const LabResult& result = lab.engine.find<LabShown>({1})->result;
  const std::vector<LabStep>& path = lab.engine.find<LabPathShown>({1})->steps;
  CHECK(result.timestep == 999);
  CHECK(result.timesteps == 1000);
  CHECK(result.pictures.size() == 9);
  CHECK(!result.attention.empty());
  CHECK(result.classes.size() == 3);
  CHECK(result.visited.size() == 5);
  REQUIRE(path.size() == 5);
  CHECK(path.front().timestep == 999);
  CHECK(differs(path.front().x, result.pictures[2].shown) <= 1);  // the same noise on the same sprite
  CHECK(lab.engine.find<LabTimed>({1}) == nullptr);
}

namespace {

void check_run(Lab& lab, std::int64_t steps) {
  LabRequest request = lab.request(0.6);
  request.settings.shared_params["palette"] = std::string("off");
  request.settings.shared_params["steps"] = steps;
  REQUIRE(lab.run(1, request).outcome == Outcome::kDone);
  write_png(lab.folder / "init.png", request.sprite);
  SampleRequest sampling;
  sampling.model_path = lab.model;
  sampling.conditions = {request.condition};
  sampling.settings = request.settings;
  for (const auto& [id, value] : ParamMap{{"count", std::int64_t{1}}, {"remove_strays", false}, {"precision", std::string("fp32")}})
    sampling.settings.shared_params[id] = value;
  sampling.settings.init_image.path = lab.folder / "init.png";
  sampling.settings.init_params = {{"strength", 0.6}};
  lab.engine.send(StartSampling{{2}, sampling});
  REQUIRE(lab.engine.wait_for_end({2}));
  const Image& sprite = lab.engine.find<SpritesReady>({2})->sprites.front().image;
  const Image& last = lab.engine.find<LabPathShown>({1})->steps.back().x0;  // with DDIM, what the last step predicts is the sprite
  CHECK(differs(sprite, last) <= 1);
}

}  // namespace

TEST_CASE("the run from there on is that of sampling from the sprite") {
  Lab lab;
  check_run(lab, 5);
}

TEST_CASE("so is that of a distilled model") {
  Lab lab;
  NetworkShape shape = load_model(lab.model).shape;
  shape.distilled = true;
  Model model = make_model("kiln_unet", load_model(lab.model).network_params, shape, {"axe", "potion", "sword"});
  const torch::NoGradGuard no_grad;
  for (auto& parameter : model.network->parameters()) {
    if (parameter.abs().max().item<float>() == 0) parameter.uniform_(-0.05, 0.05);
  }
  model.few_steps = 4;
  lab.model = lab.folder / "distilled.safetensors";
  save_model(model, lab.model, WeightType::kFloat32);
  check_run(lab, 3);
}

TEST_CASE("a picture of it all, which replaces nothing unasked") {
  Lab lab;
  LabRequest request = lab.request(0.3);
  request.picture = lab.folder / "lab.png";
  request.times = true;
  CHECK(lab.run(1, request).outcome == Outcome::kDone);
  CHECK(lab.engine.find<LabTimed>({1})->parts.size() >= 2);
  CHECK(read_image(request.picture).width > 300);
  CHECK(lab.run(2, request).outcome == Outcome::kFailed);
  request.replace = true;
  CHECK(lab.run(3, request).outcome == Outcome::kDone);
}

TEST_CASE("what cannot be looked at is refused in words") {
  Lab lab;
  LabRequest request = lab.request(1.5);
  CHECK(lab.run(1, request).error.message.find("between 0 and 1") != std::string::npos);
  request = lab.request(0.5);
  request.sprite = Image(50, 30);
  request.sprite_name = "large.png";
  CHECK(lab.run(2, request).error.message.find("large.png") != std::string::npos);
  request = lab.request(0.5);
  request.condition = {{"potoin", 1.0}};
  CHECK(lab.run(3, request).outcome == Outcome::kFailed);
  request = lab.request(0.5);
  request.picture = lab.folder / "lab.jpg";
  CHECK(lab.run(4, request).error.message.find(".jpg") != std::string::npos);
}
