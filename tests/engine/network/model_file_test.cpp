#include "tests/engine/network/support.h"

#include <sys/resource.h>

#include <algorithm>
#include <limits>
#include <random>

#include "engine/base/file.h"
#include "engine/formats/safetensors.h"
#include "engine/network/tensor_io.h"
#include "tests/engine/formats/support.h"
#include "tests/support/temporary_folder.h"

using namespace kiln;
using namespace kiln::test;

namespace {

Image flat_image(int width, int height, std::uint8_t level) {
  Image image(width, height);
  for (std::size_t i = 0; i < image.rgba.size(); ++i) image.rgba[i] = static_cast<std::uint8_t>(level + i);
  return image;
}

// A small model with something in every field.
Model full_model() {
  Model model = small_model({16, 24, 4, 0}, {"Äxte", "斧", "🗡 dagger"}, {{"multipliers", std::string("1")}});
  model.diffusion = {
      .schedule = {.kind = ScheduleKind::kLinear, .length = 500, .beta_start = 2e-4, .beta_end = 0.03, .zero_terminal_snr = true},
      .prediction = Prediction::kEpsilon,
      .legacy_noise = true};
  model.facts.steps = 1234;
  model.facts.data_fingerprint = "abcdef";
  model.facts.recipe_json = R"({"steps": 5})";
  model.facts.credits = "drawn by “Zoë”\nand friends";
  model.facts.licence = "CC0";
  model.facts.palette = {"Dämmerung", {{1, 2, 3}, {255, 0, 128}}};
  model.facts.hard_alpha = true;
  model.facts.notes = {"a note", "another"};
  for (std::uint8_t i = 0; i < 3; ++i) model.thumbnails.push_back(flat_image(16, 24, static_cast<std::uint8_t>(40 * i)));
  return model;
}

// A model file taken apart, to be put together again otherwise.
struct Parts {
  std::map<std::string, std::string> metadata;
  std::map<std::string, at::Tensor> tensors;

  explicit Parts(const std::filesystem::path& path) {
    const Safetensors file = read_safetensors(path);
    metadata = file.metadata;
    for (const auto& [name, stored] : file.tensors) tensors[name] = to_tensor(file, stored);
  }
  void write(const std::filesystem::path& path) const {
    TensorsToWrite out;
    for (const auto& [name, tensor] : tensors) out.add(name, tensor);
    write_file(path, out.encode(metadata));
  }
  void replace(const std::string& what, const std::string& with) {
    std::string& text = metadata.at("spritekiln");
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    text.replace(at, what.size(), with);
  }
};

// What loading the file fails with after `change`.
template <class Change>
Error error_after(const std::filesystem::path& path, Change change) {
  Parts parts(path);
  change(parts);
  const auto changed = path.parent_path() / "changed.safetensors";
  parts.write(changed);
  return error_of([&] { load_model(changed); });
}

void check_same_weights(const Model& got, const Model& expected, double tolerance) {
  const auto sources = expected.network->named_parameters();
  for (const auto& entry : got.network->named_parameters()) {
    CHECK_MESSAGE(at::allclose(entry.value(), sources[entry.key()], tolerance, tolerance * 1e-2), entry.key());
  }
}

}  // namespace

TEST_CASE("saved, loaded and saved again, a model file has the same bytes") {
  const TemporaryFolder scratch;
  const Model model = full_model();
  for (const WeightType type : {WeightType::kFloat32, WeightType::kFloat16}) {
    const std::string hash = save_model(model, scratch / "a.safetensors", type);
    const Model loaded = load_model(scratch / "a.safetensors");
    CHECK(loaded.hash == hash);
    CHECK_FALSE(loaded.network->is_training());
    check_same_weights(loaded, model, type == WeightType::kFloat32 ? 0 : 1e-3);
    CHECK(save_model(loaded, scratch / "b.safetensors", type) == hash);
    CHECK(read_file(scratch / "b.safetensors") == read_file(scratch / "a.safetensors"));
  }
  save_model(model, scratch / "half.safetensors", WeightType::kFloat16);
  save_model(model, scratch / "whole.safetensors", WeightType::kFloat32);
  CHECK(std::filesystem::file_size(scratch / "half.safetensors") <
        0.7 * static_cast<double>(std::filesystem::file_size(scratch / "whole.safetensors")));
}

TEST_CASE("a loaded model answers as the saved one did") {
  const TemporaryFolder scratch;
  const Model model = full_model();
  save_model(model, scratch / "m.safetensors", WeightType::kFloat32);
  const Model loaded = load_model(scratch / "m.safetensors");
  const at::NoGradGuard no_grad;
  const at::Tensor x = at::randn({3, 4, 24, 16}), t = at::full({3}, 0.3);
  CHECK(at::equal(loaded.network->forward(x, t, at::eye(3)), model.network->forward(x, t, at::eye(3))));
}

TEST_CASE("all that a model file tells survives") {
  const TemporaryFolder scratch;
  const Model model = full_model();
  save_model(model, scratch / "m.safetensors", WeightType::kFloat16);
  const Model loaded = load_model(scratch / "m.safetensors");
  CHECK(loaded.network_id == "kiln_unet");
  CHECK((loaded.network_params == model.network_params));
  CHECK(loaded.shape.width == 16);
  CHECK(loaded.shape.height == 24);
  CHECK(loaded.shape.channels == 4);
  CHECK(loaded.shape.classes == 3);
  CHECK(loaded.classes == model.classes);
  CHECK((loaded.diffusion == model.diffusion));
  CHECK(loaded.facts.steps == 1234);
  CHECK(loaded.facts.data_fingerprint == "abcdef");
  CHECK(loaded.facts.recipe_json == model.facts.recipe_json);
  CHECK(loaded.facts.credits == model.facts.credits);
  CHECK(loaded.facts.licence == "CC0");
  CHECK((loaded.facts.palette == model.facts.palette));
  CHECK(loaded.facts.hard_alpha);
  CHECK(loaded.facts.notes == model.facts.notes);
  CHECK((loaded.thumbnails == model.thumbnails));

  Model plain = small_model({16, 16, 3, 0}, {"a"});
  save_model(plain, scratch / "rgb.safetensors", WeightType::kFloat16);
  const Model rgb = load_model(scratch / "rgb.safetensors");
  CHECK(rgb.shape.channels == 3);
  CHECK(rgb.thumbnails.empty());
  CHECK(rgb.facts.palette.colours.empty());
  CHECK_FALSE(rgb.facts.hard_alpha);
}

TEST_CASE("a distilled model's file tells what it is, and is found beside its teacher's") {
  const TemporaryFolder scratch;
  const Model teacher = full_model();
  const std::string hash = save_model(teacher, scratch / "m.safetensors", WeightType::kFloat16);
  CHECK(load_model(scratch / "m.safetensors").is_distilled() == false);
  CHECK(find_live_model(scratch / "m.safetensors", hash).empty());

  NetworkShape shape{16, 16, 4, 0};
  shape.distilled = true;
  Model live = small_model(shape, {"a"});
  live.few_steps = 4;
  live.facts.distilled_from = hash;
  save_model(live, scratch / "m-live.safetensors", WeightType::kFloat16);
  const Model loaded = load_model(scratch / "m-live.safetensors");
  CHECK(loaded.shape.distilled);
  CHECK(loaded.few_steps == 4);
  CHECK(loaded.facts.distilled_from == hash);
  CHECK(find_live_model(scratch / "m.safetensors", hash) == scratch / "m-live.safetensors");
  CHECK(find_live_model(scratch / "m.safetensors", std::string(64, '0')).empty());  // another model's
  for (const double guidance : {3.0, 1.5}) {  // with other defaults it is still the model that taught the other
    save_with_sampling(scratch / "m.safetensors", scratch / "m.safetensors", {{"guidance", guidance}}, {});
    const Model changed = load_model(scratch / "m.safetensors");
    CHECK(changed.hash != hash);
    CHECK(changed.weights_hash() == hash);
    CHECK(find_live_model(scratch / "m.safetensors", changed.weights_hash()) == scratch / "m-live.safetensors");
  }
  live.few_steps = 5000;
  save_model(live, scratch / "m-live.safetensors", WeightType::kFloat16);
  CHECK(error_of([&] { load_model(scratch / "m-live.safetensors"); }).code == ErrorCode::kCorrupt);
  write_file(scratch / "m-live.safetensors", "nothing of the kind");
  CHECK(find_live_model(scratch / "m.safetensors", hash).empty());
}

TEST_CASE("the file says of schedule, prediction and outputs what it always said") {
  const TemporaryFolder scratch;
  save_model(full_model(), scratch / "m.safetensors", WeightType::kFloat16);
  const std::string text = Parts(scratch / "m.safetensors").metadata.at("spritekiln");
  CHECK(text.find(R"("schedule":{"beta_end":0.03,"beta_start":0.0002,"kind":"linear","legacy_noise":true,"timesteps":500,)"
                  R"("zero_terminal_snr":true})") != std::string::npos);
  CHECK(text.find(R"("prediction":"eps")") != std::string::npos);
  CHECK(text.find("outputs") == std::string::npos);
  for (const auto& [what, with] : {std::pair{"\"kind\":\"linear\"", "\"kind\":\"lunar\""}, {"\"eps\"", "\"epz\""}}) {
    const Error error =
        error_after(scratch / "m.safetensors", [&, &what = what, &with = with](Parts& parts) { parts.replace(what, with); });
    CHECK(error.code == ErrorCode::kUnsupported);
  }
}

TEST_CASE("a network may give another number of values for a pixel than its sprites have channels") {
  const TemporaryFolder scratch;
  const at::NoGradGuard no_grad;
  const ParamMap smaller = small_params({{"stem", std::int64_t{16}},
                                         {"features", std::int64_t{16}},
                                         {"groups", std::int64_t{8}},
                                         {"level_channels", std::string("16,32,32")}});
  for (const auto& kind : network_kinds()) {
    CAPTURE(kind.id);
    ParamMap params;
    for (const auto& [key, value] : smaller) {
      if (std::any_of(kind.params.begin(), kind.params.end(), [&, &id = key](const ParamSpec& spec) { return spec.id == id; }))
        params[key] = value;
    }
    const Model model = make_model(kind.id, params, {.width = 16, .height = 16, .channels = 3, .outputs = 7}, {"a", "b"});
    for (at::Tensor& parameter : model.network->parameters()) parameter.add_(0.01);  // nothing is zero
    model.network->eval();
    const at::Tensor x = at::randn({2, 3, 16, 16}), t = at::full({2}, 0.3), condition = at::eye(2);
    const at::Tensor output = model.network->forward(x, t, condition);
    CHECK(output.sizes() == at::IntArrayRef{2, 7, 16, 16});
    save_model(model, scratch / "m.safetensors", WeightType::kFloat32);
    const Model loaded = load_model(scratch / "m.safetensors");
    CHECK(loaded.shape.channels == 3);
    CHECK(loaded.shape.output_channels() == 7);
    CHECK(at::equal(loaded.network->forward(x, t, condition), output));
  }
  for (const int outputs : {-1, 100000}) {
    CHECK(error_of([&] { small_model({.outputs = outputs}, {"a"}); }).code == ErrorCode::kUnsupported);
  }
}

TEST_CASE("a class weight goes to the class of that name") {
  const Model model = small_model({16, 16, 4, 0}, {"axe", "bow"});
  CHECK(class_weights(model, {{"bow", 0.5}, {"axe", 1}, {"bow", 0.25}}) == std::vector<float>{1, 0.75});
  const Error error = error_of([&] { class_weights(model, {{"bov", 1}}); });
  CHECK(error.code == ErrorCode::kNotFound);
  CHECK(error.hint.find("bow") != std::string::npos);
}

TEST_CASE("a file that is cut off, or longer than it says, is refused") {
  const TemporaryFolder scratch;
  save_model(full_model(), scratch / "m.safetensors", WeightType::kFloat16);
  const Bytes whole = read_file(scratch / "m.safetensors");
  std::vector<std::size_t> lengths;
  for (std::size_t n = 0; n < whole.size(); n += n < 64 ? 1 : 401) lengths.push_back(n);
  lengths.push_back(whole.size() - 1);
  for (const std::size_t length : lengths) {
    CAPTURE(length);
    write_file(scratch / "cut.safetensors", std::span(whole).first(length));
    CHECK(error_of([&] { load_model(scratch / "cut.safetensors"); }).code == ErrorCode::kCorrupt);
  }
  Bytes longer = whole;
  longer.push_back(0);
  write_file(scratch / "cut.safetensors", longer);
  CHECK(error_of([&] { load_model(scratch / "cut.safetensors"); }).code == ErrorCode::kCorrupt);
  CHECK(error_of([&] { load_model(scratch / "none.safetensors"); }).code == ErrorCode::kNotFound);
  CHECK(error_of([&] { load_model(scratch.path()); }).code == ErrorCode::kUnreadable);
}

TEST_CASE("a damaged header fails in our words or does no harm") {
  const TemporaryFolder scratch;
  save_model(full_model(), scratch / "m.safetensors", WeightType::kFloat16);
  const Bytes whole = read_file(scratch / "m.safetensors");
  const std::size_t header = 8 + whole[0] + 256U * whole[1];
  std::mt19937 random(1);
  int failures = 0;
  for (int i = 0; i < 400; ++i) {
    Bytes bytes = whole;
    for (int k = 0; k < 1 + i % 3; ++k)
      bytes[random() % header] =
          i % 2 ? static_cast<std::uint8_t>(random()) : static_cast<std::uint8_t>("0123456789{}[],:\"-"[random() % 18]);
    write_file(scratch / "damaged.safetensors", bytes);
    failures +=
        !error_of([&] { load_model(scratch / "damaged.safetensors"); }).message.empty();  // any other exception ends the test
  }
  CHECK(failures > 200);
}

TEST_CASE("files of others, of the future, and with other weights are told apart") {
  const TemporaryFolder scratch;
  const auto path = scratch / "m.safetensors";
  save_model(full_model(), path, WeightType::kFloat32);
  CHECK(error_after(path, [](Parts&) {}).message.empty());  // taking apart and putting together changes nothing

  CHECK(error_after(path, [](Parts& p) { p.metadata = {{"format", "pt"}}; }).code == ErrorCode::kUnsupported);
  const Error newer = error_after(path, [](Parts& p) { p.replace("\"version\":1", "\"version\":2"); });
  CHECK(newer.code == ErrorCode::kUnsupported);
  CHECK(newer.message.find("newer") != std::string::npos);
  CHECK(error_after(path, [](Parts& p) { p.replace("\"kiln_unet\"", "\"kiln_vnet\""); }).code == ErrorCode::kUnsupported);
  CHECK(error_after(path, [](Parts& p) { p.replace("\"width\":16}", "\"width\":17000}"); }).code == ErrorCode::kUnsupported);

  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    CHECK(error_after(path, [&](Parts& p) { p.tensors.at("head.bias")[1] = bad; }).code == ErrorCode::kCorrupt);
  }
  CHECK(error_after(path, [](Parts& p) { p.tensors.erase("head.bias"); }).code == ErrorCode::kCorrupt);
  CHECK(error_after(path, [](Parts& p) { p.tensors["extra"] = at::zeros({3}); }).code == ErrorCode::kCorrupt);
  CHECK(error_after(path, [](Parts& p) { p.tensors["head.bias"] = at::zeros({5}); }).code == ErrorCode::kCorrupt);
  CHECK(error_after(path, [](Parts& p) {
          p.tensors["stem.weight"] = p.tensors["stem.weight"].transpose(0, 1).contiguous();
        }).code == ErrorCode::kCorrupt);
  for (const char* field : {"\"classes\"", "\"network\"", "\"parameters\"", "\"schedule\"", "\"prediction\"", "\"image\"",
                            "\"licence\"", "\"training\""}) {
    CAPTURE(field);
    CHECK(error_after(path, [&](Parts& p) { p.replace(field, "\"other\""); }).code == ErrorCode::kCorrupt);
  }
  CHECK(error_after(path, [](Parts& p) { p.metadata["spritekiln"] = "[1, 2"; }).code == ErrorCode::kCorrupt);
  CHECK(error_after(path, [](Parts& p) { p.metadata["spritekiln"] = "{}"; }).code == ErrorCode::kCorrupt);
}

TEST_CASE("a file that claims an enormous network is refused before memory is asked for") {
  const TemporaryFolder scratch;
  const auto path = scratch / "m.safetensors";
  save_model(full_model(), path, WeightType::kFloat16);
  const auto peak_kb = [] {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
  };
  const auto before = peak_kb();
  const auto claim = [](const std::string& width, const std::string& multipliers, const std::string& blocks,
                        const std::string& embedding) {
    return [=](Parts& p) {
      p.replace("\"width\":16}}", "\"width\":" + width + "}}");
      p.replace("\"multipliers\":\"1\"", "\"multipliers\":\"" + multipliers + "\"");
      p.replace("\"blocks\":1", "\"blocks\":" + blocks);
      p.replace("\"embedding\":32", "\"embedding\":" + embedding);
    };
  };
  CHECK(error_after(path, claim("512", "64,64", "8", "2048")).code == ErrorCode::kCorrupt);
  CHECK(error_after(path, claim("512", "1", "1", "2048")).code == ErrorCode::kCorrupt);
  CHECK(error_after(path, claim("16", "64", "1", "32")).code == ErrorCode::kCorrupt);
  CHECK(error_after(path, claim("256", "1,2", "8", "32")).code == ErrorCode::kCorrupt);
  CHECK(peak_kb() - before < 100 * 1024);
  CHECK(error_of([] {
          make_model("kiln_unet", {{"width", std::int64_t{512}}, {"multipliers", std::string("64,64")}}, {16, 16, 4, 0}, {"a"});
        }).message.find("million") != std::string::npos);
  CHECK(peak_kb() - before < 100 * 1024);
}

TEST_CASE("what cannot be written leaves the file that was there") {
  const TemporaryFolder scratch;
  Model model = full_model();
  save_model(model, scratch / "m.safetensors", WeightType::kFloat16);
  const Bytes whole = read_file(scratch / "m.safetensors");
  model.classes[0] = "caf\xE9";  // Latin-1
  CHECK(error_of([&] { save_model(model, scratch / "m.safetensors", WeightType::kFloat16); }).code == ErrorCode::kInvalidArgument);
  CHECK(read_file(scratch / "m.safetensors") == whole);
  CHECK(error_of([&] { save_model(full_model(), scratch.path(), WeightType::kFloat16); }).code == ErrorCode::kUnwritable);
}

TEST_CASE("a palette head comes back as it was, and one that does not fit its outputs is refused") {
  const TemporaryFolder folder;
  Model model = small_model({.width = 16, .height = 16, .channels = 4, .outputs = 5}, {"a"});
  model.palette_head = {kTransparent, {1, 2, 3, 255}, {40, 50, 60, 128}, {90, 80, 70, 255}, {255, 254, 253, 255}};
  model.diffusion.prediction = Prediction::kX0;
  const auto path = folder / "model.safetensors";
  save_model(model, path, WeightType::kFloat32);
  const Model read = load_model(path);
  CHECK((read.palette_head == model.palette_head));
  CHECK(read.shape.outputs == 5);
  check_same_weights(read, model, 0);
  const Error error = error_after(path, [](Parts& parts) { parts.replace("[1,2,3],[40,50,60,128],", ""); });
  CHECK(error.code == ErrorCode::kCorrupt);
}

TEST_CASE("a model's frames are in its file, and others than its network has are refused") {
  const TemporaryFolder scratch;
  const Model model = make_model("kiln_unet", small_params(), {16, 16, 4, 0}, {"a", "b"}, {0, 3});
  const std::filesystem::path path = scratch / "m.safetensors";
  save_model(model, path, WeightType::kFloat32);
  const Model loaded = load_model(path);
  CHECK(loaded.frames == model.frames);
  CHECK(loaded.shape.frames == 3);
  CHECK(save_model(loaded, scratch / "again.safetensors", WeightType::kFloat32) == loaded.hash);
  const auto with = [&](const char* frames) {
    return error_after(path, [&](Parts& parts) { parts.replace("\"frames\":[0,3]", frames); });
  };
  CHECK(with("\"frames\":[0,4]").code == ErrorCode::kCorrupt);
  CHECK(!with("\"frames\":[3]").hint.empty());
  CHECK(!with("\"frames\":[0,900000]").hint.empty());
  CHECK(!with("\"frames\":\"many\"").hint.empty());
}
