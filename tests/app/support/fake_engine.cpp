#include "tests/app/support/fake_engine.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <random>
#include <span>

#include "engine/base/file.h"
#include "engine/base/sha256.h"
#include "engine/pixelart/transform.h"
#include "tests/app/support/fake_answers.h"
#include "tests/app/support/fake_lab.h"

namespace kiln {
namespace {

const char* const kClasses[] = {
    "apparel", "aquatic",         "armour",   "beast",    "bird",      "book",  "bow_ammo", "demon",  "door",
    "food",    "furniture",       "humanoid", "insect",   "jewellery", "plant", "player",   "potion", "reptile_dragon",
    "scroll",  "slime_elemental", "tool",     "treasure", "undead",    "wand",  "weapon"};

Catalog catalog() {
  Catalog c;
  c.samplers = {
      {"ddim",
       "DDIM",
       "Few steps, no noise added",
       {{.id = "eta", .label = "eta", .fallback = 0.0, .max = 1, .help = "Noise added at each step"}}},
      {"ddpm",
       "DDPM",
       "As trained: many steps, noise added",
       {{.id = "variance", .label = "variance", .fallback = "small", .choices = {"small", "large"}, .help = "Of the added noise"}}},
      {"dpmpp_2m", "DPM-Solver++ 2M", "Good sprites in few steps", {}}};
  c.import = {
      {.id = "size",
       .label = "Sprite size",
       .unit = "pixels",
       .fallback = 0,
       .max = 256,
       .help = "Width and height of a sprite; 0: the family's"},
      {.id = "schedule",
       .label = "Noise schedule",
       .fallback = "auto",
       .choices = {"auto", "linear", "cosine"},
       .help = "How the noise grows"},
      {.id = "timesteps",
       .label = "Noise steps",
       .fallback = 0,
       .max = 100000,
       .help = "Steps it was trained with; 0: the family's"},
      {.id = "beta_start", .label = "First β", .fallback = 0.0, .max = 0.999, .help = "For linear schedules; 0: the family's"},
      {.id = "beta_end", .label = "Last β", .fallback = 0.0, .max = 0.999, .help = "For linear schedules; 0: the family's"},
      {.id = "prediction",
       .label = "Prediction",
       .fallback = "auto",
       .choices = {"auto", "eps", "v", "x0"},
       .help = "What the output means"},
      {.id = "time", .label = "Time", .fallback = "auto", .choices = {"auto", "fraction", "steps"}, .help = "How time is told"},
      {.id = "noise",
       .label = "Noise law",
       .fallback = "auto",
       .choices = {"auto", "standard", "legacy"},
       .help = "How noise is scaled"}};
  fake_recipes(c);
  c.device_name = "made-up machine, 1 thread";
  return c;
}

std::string hash_of(const std::string& text) {
  return sha256_hex(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

// Without its pictures. A file name with “32” in it makes sprites of that size, one with “animated” whole animations.
ModelInfo facts_of(const std::string& path) {
  ModelInfo info;
  info.path = path;
  info.name = std::filesystem::path(path).stem().string();
  info.hash = hash_of(info.name);
  info.network = "fake";
  info.width = info.height = info.name.find("32") != std::string::npos ? 32 : 16;
  info.classes.assign(std::begin(kClasses), std::end(kClasses));
  if (info.name.find("animated") != std::string::npos) {
    for (std::size_t i = 0; i < info.classes.size(); ++i) info.frames.push_back(i % 3 == 0 ? 4 : 0);
    info.palette.colours = {{20, 16, 40}, {90, 40, 60}, {180, 70, 50}, {240, 190, 90}, {60, 110, 70}, {230, 230, 210}};
  }
  info.foreign = path.ends_with(".pth");
  if (info.foreign) {
    info.classes.resize(5);
    info.schedule = "linear, T = 500";
    info.notes = {
        "imported from " + info.name + ".pth, a network of the family sprite_unet (mini-stable-diffusion)",
        "the network is given the step as a share of all (t/T); pytorch-diffusion-sprites gives its networks the step's number",
        "the noise schedule was assumed: linear with 500 steps, predicting eps",
        "the classes were numbered, since the file does not name them"};
  }
  return info;
}

ModelInfo model_at(const std::string& path) {
  ModelInfo info = facts_of(path);
  for (int i = 0; !info.foreign && i < static_cast<int>(info.classes.size()); ++i)
    info.thumbnails.push_back(fake_sprite(i, 1, info.width));
  return info;
}

// As whom a sprite of the condition is drawn.
int kind_of(const Condition& condition) {
  const std::string name = condition.empty() ? "" : condition.front().name;
  const auto found = std::find(std::begin(kClasses), std::end(kClasses), name);
  return found == std::end(kClasses) ? 0 : static_cast<int>(found - std::begin(kClasses));
}

}  // namespace

FakeEngine::FakeEngine(const EngineOptions& options, int step_ms)
    : options_(options),
      step_ms_(step_ms),
      training_([this](Event event) { emit(std::move(event)); },
                [this](const Progress& progress) {
                  progress_.put(progress.job, progress);
                  if (options_.wake) options_.wake();
                }),
      thread_([this](std::stop_token stop) { work(stop); }) {}

FakeEngine::~FakeEngine() {
  thread_.request_stop();
  thread_.join();
}

void FakeEngine::send(Command command) { commands_.push(std::move(command)); }

void FakeEngine::emit(Event event) {
  events_.push(std::move(event));
  if (options_.wake) options_.wake();
}

void FakeEngine::end(JobId job, Outcome outcome) { emit(JobEnded{job, outcome, {}}); }

void FakeEngine::fail(JobId job, Error error) { emit(JobEnded{job, Outcome::kFailed, std::move(error)}); }

void FakeEngine::work(std::stop_token stop) {
  emit(EngineReady{catalog()});
  while (!stop.stop_requested()) {
    const bool stepping = (sampling_ && !sampling_->paused) || training_.running();
    for (const Command& command : stepping ? commands_.take_all() : commands_.wait_and_take_all(stop)) run(command);
    if (sampling_ && !sampling_->paused) {
      step();
    } else if (training_.running()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(step_ms_));
      training_.step();
    }
  }
  training_.suspend();
}

Frame FakeEngine::frame() const {
  const Sampling& s = *sampling_;
  const ModelInfo model = facts_of(s.request.model_path);
  const ParamMap& values = s.request.settings.shared_params;
  const std::vector<SampledSprite> asked = sampled_sprites(s.request, model.classes, model.frames);
  Frame f{s.job, s.step, static_cast<int>(get_int(values, "steps")), model.width, model.height, static_cast<int>(asked.size()), {}};
  for (int i = 0; i < f.count; ++i) {
    const SampledSprite& one = asked[static_cast<std::size_t>(i)];
    const auto seed = static_cast<std::uint64_t>(get_int(values, "seed") + one.seed);
    Image image = shifted(fake_sprite(kind_of(one.condition), seed, model.width), 0, one.frame % 3);
    std::mt19937 random(static_cast<unsigned>(i * 1000 + s.step));
    const int noise = 255 - 255 * f.step / f.total;
    for (auto& v : image.rgba) v = static_cast<std::uint8_t>((v * (255 - noise) + static_cast<int>(random() % 256) * noise) / 255);
    f.rgba.insert(f.rgba.end(), image.rgba.begin(), image.rgba.end());
  }
  return f;
}

void FakeEngine::send_sprites() {
  const Frame f = frame();
  const SampleRequest& request = sampling_->request;
  const ModelInfo model = facts_of(request.model_path);
  const std::vector<SampledSprite> asked = sampled_sprites(request, model.classes, model.frames);
  SpritesReady ready{f.job, {}};
  for (int i = 0; i < f.count; ++i) {
    const SampledSprite& one = asked[static_cast<std::size_t>(i)];
    Sprite sprite{f.sprite(i), {}};
    sprite.recipe.model_name = model.name;
    sprite.recipe.model_hash = model.hash;
    sprite.recipe.condition = one.condition;
    sprite.recipe.settings = request.settings;
    ParamMap& values = sprite.recipe.settings.shared_params;
    values["count"] = 1;
    values["seed"] = get_int(request.settings.shared_params, "seed") + one.seed;
    if (one.frame > 0) values["frame"] = std::int64_t{one.frame};
    sprite.recipe.steps_done = f.step;
    if (f.step < f.total) sprite.recipe.steps_total = f.total;
    ready.sprites.push_back(std::move(sprite));
  }
  emit(std::move(ready));
}

void FakeEngine::step() {
  std::this_thread::sleep_for(std::chrono::milliseconds(step_ms_));
  Sampling& s = *sampling_;
  const ParamMap& values = s.request.settings.shared_params;
  const auto total = get_int(values, "steps"), preview_every = get_int(values, "preview_every");
  ++s.step;
  progress_.put(s.job, {s.job, s.step, total, 1000.0 / step_ms_, static_cast<double>((total - s.step) * step_ms_) / 1000.0});
  if (preview_every > 0 && s.step % preview_every == 0) {
    if (s.request.record_previews) events_.push(PreviewRecorded{s.job, frame()});
    frames_.put(s.job, frame());
  }
  if (options_.wake) options_.wake();
  if (s.step < total) return;
  send_sprites();
  end_sampling(Outcome::kDone);
}

void FakeEngine::end_sampling(Outcome outcome) {
  end(sampling_->job, outcome);
  sampling_.reset();
  begin_waiting();
}

void FakeEngine::begin_waiting() {
  if (sampling_ || waiting_.empty()) return;
  sampling_ = std::move(waiting_.front());
  waiting_.pop_front();
}

void FakeEngine::export_image(JobId job, const std::string& path, const Image& image) {
  try {
    write_file(path, image.rgba);
    emit(Exported{job, path});
    end(job, Outcome::kDone);
  } catch (const Failure& failure) {
    fail(job, failure.error());
  }
}

void FakeEngine::run(const Command& command) {
  if (training_.run(command)) return;
  if (const auto* use = std::get_if<UseTrainingModel>(&command)) {
    ModelInfo info = model_at(training_.model_path());
    info.trained_steps = training_.steps_done();
    emit(ModelOpened{use->job, info});
    end(use->job, Outcome::kDone);
  } else if (const auto* open = std::get_if<OpenModel>(&command)) {
    if (open->path.find("broken") != std::string::npos) {
      fail(open->job, {ErrorCode::kCorrupt, "“" + open->path + "” is cut off", "copy it again from where it came", ""});
      return;
    }
    emit(ModelOpened{open->job, model_at(open->path)});
    end(open->job, Outcome::kDone);
  } else if (const auto* imported = std::get_if<ImportCheckpoint>(&command)) {
    emit(Exported{imported->job, imported->out});
    end(imported->job, Outcome::kDone);
  } else if (const auto* start = std::get_if<StartSampling>(&command)) {
    waiting_.push_back({start->job, start->request});
    begin_waiting();
  } else if (const auto* sprites = std::get_if<ExportSprites>(&command)) {
    export_image(sprites->job, sprites->path, sprites->sprites.front().image);
  } else if (const auto* fade = std::get_if<ExportAnimation>(&command); fade && !fade->frames.empty()) {
    export_image(fade->job, fade->path, fade->frames.back().sprite(0));
  } else if (const auto* study = std::get_if<StudySprite>(&command)) {
    const Image& sprite = study->request.sprite;
    emit(LabShown{study->job, fake_lab(study->request)});
    emit(LabPathShown{study->job, std::vector(5, LabStep{400, 0.6, sprite, sprite})});
    if (study->request.times) emit(LabTimed{study->job, {{"Network", 12.5}}});
    if (!study->request.picture.empty()) return export_image(study->job, study->request.picture, sprite);
    end(study->job, Outcome::kDone);
  } else if (!steer(command)) {
    for (Event& event : fake_answer(command)) emit(std::move(event));
  }
}

void FakeEngine::cancel(const CancelJob& command) {
  const auto waits = std::find_if(waiting_.begin(), waiting_.end(), [&](const Sampling& s) { return s.job == command.target; });
  if (waits != waiting_.end()) {
    waiting_.erase(waits);
    return end(command.target, Outcome::kCancelled);
  }
  if (!sampling_ || sampling_->job != command.target) return;
  const bool keep = command.mode == CancelMode::kKeep && sampling_->step > 0;
  if (keep) send_sprites();
  end_sampling(keep ? Outcome::kKept : Outcome::kCancelled);
}

// Whether the command is about a job that is there.
bool FakeEngine::steer(const Command& command) {
  const auto is_now = [&](JobId job) { return sampling_ && sampling_->job == job; };
  if (const auto* stop = std::get_if<CancelJob>(&command)) {
    cancel(*stop);
  } else if (const auto* pause = std::get_if<PauseJob>(&command); pause && is_now(pause->target)) {
    sampling_->paused = true;
    emit(JobPaused{sampling_->job});
  } else if (const auto* resume = std::get_if<ResumeJob>(&command); resume && is_now(resume->target)) {
    sampling_->paused = false;
    emit(JobResumed{sampling_->job});
  } else {
    return false;
  }
  return true;
}

}  // namespace kiln
