#include "tests/app/support/fake_engine.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <random>

#include "engine/base/file.h"
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

ModelInfo model_at(const std::string& path) {
  ModelInfo info;
  info.path = path;
  info.name = std::filesystem::path(path).stem().string();
  info.hash = "fake-" + info.name;
  info.network = "fake";
  info.width = info.height = info.name.find("32") != std::string::npos ? 32 : 16;
  info.classes.assign(std::begin(kClasses), std::end(kClasses));
  info.foreign = path.ends_with(".pth");
  if (info.foreign) {
    info.classes.resize(5);
    info.schedule = "linear, T = 500";
    info.notes = {
        "imported from " + info.name + ".pth, a network of the family sprite_unet (mini-stable-diffusion)",
        "the network is given the step as a share of all (t/T); pytorch-diffusion-sprites gives its networks the step's number",
        "the noise schedule was assumed: linear with 500 steps, predicting eps",
        "the classes were numbered, since the file does not name them"};
  } else {
    for (int i = 0; i < static_cast<int>(info.classes.size()); ++i) info.thumbnails.push_back(fake_sprite(i, 1, info.width));
  }
  return info;
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
  const int side = model_at(s.request.model_path).width;
  const ParamMap& values = s.request.settings.shared_params;
  const auto whole = [&](const char* id) { return static_cast<int>(get_int(values, id)); };
  Frame f{s.job, s.step, whole("steps"), side, side, whole("count"), {}};
  for (int i = 0; i < f.count; ++i) {
    const auto& conditions = s.request.conditions;
    const std::string name =
        conditions.empty() ? kClasses[i % 25] : conditions[static_cast<std::size_t>(i) % conditions.size()].front().name;
    const int kind = static_cast<int>(std::find(std::begin(kClasses), std::end(kClasses), name) - std::begin(kClasses));
    Image image = fake_sprite(kind, static_cast<std::uint64_t>(whole("seed") + i), side);
    std::mt19937 random(static_cast<unsigned>(i * 1000 + s.step));
    const int noise = 255 - 255 * f.step / f.total;
    for (auto& v : image.rgba) v = static_cast<std::uint8_t>((v * (255 - noise) + static_cast<int>(random() % 256) * noise) / 255);
    f.rgba.insert(f.rgba.end(), image.rgba.begin(), image.rgba.end());
  }
  return f;
}

void FakeEngine::send_sprites() {
  const Frame f = frame();
  SpritesReady ready{f.job, {}};
  for (int i = 0; i < f.count; ++i) {
    Sprite sprite{f.sprite(i), {}};
    const auto& conditions = sampling_->request.conditions;
    sprite.recipe.condition =
        conditions.empty() ? Condition{{kClasses[i % 25], 1}} : conditions[static_cast<std::size_t>(i) % conditions.size()];
    sprite.recipe.settings = sampling_->request.settings;
    sprite.recipe.settings.shared_params["count"] = 1;
    sprite.recipe.settings.shared_params["seed"] = get_int(sampling_->request.settings.shared_params, "seed") + i;
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
  end(s.job, Outcome::kDone);
  sampling_.reset();
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
    sampling_ = Sampling{start->job, start->request};
  } else if (const auto* sprites = std::get_if<ExportSprites>(&command)) {
    export_image(sprites->job, sprites->path, sprites->sprites.front().image);
  } else if (const auto* fade = std::get_if<ExportAnimation>(&command)) {
    export_image(fade->job, fade->path, fade->frames.back().sprite(0));
  } else if (const auto* preview = std::get_if<PreviewExport>(&command)) {
    const auto* sheet = std::get_if<ExportSprites>(&preview->what);
    const std::string path = sheet ? sheet->path : std::get<ExportAnimation>(preview->what).path;
    const Image image = sheet ? sheet->sprites.front().image : std::get<ExportAnimation>(preview->what).frames.back().sprite(0);
    emit(ExportPreviewed{preview->job, {{path, 1000}}, image.width, image.height, image, 1, {}});
    end(preview->job, Outcome::kDone);
  } else if (const auto* study = std::get_if<StudySprite>(&command)) {
    const Image& sprite = study->request.sprite;
    emit(LabShown{study->job, fake_lab(study->request)});
    emit(LabPathShown{study->job, std::vector(5, LabStep{400, 0.6, sprite, sprite})});
    if (study->request.times) emit(LabTimed{study->job, {{"Network", 12.5}}});
    if (!study->request.picture.empty()) return export_image(study->job, study->request.picture, sprite);
    end(study->job, Outcome::kDone);
  } else if (!sampling_) {
    return;
  } else if (const auto* cancel = std::get_if<CancelJob>(&command); cancel && cancel->target == sampling_->job) {
    const bool keep = cancel->mode == CancelMode::kKeep && sampling_->step > 0;
    if (keep) send_sprites();
    end(sampling_->job, keep ? Outcome::kKept : Outcome::kCancelled);
    sampling_.reset();
  } else if (const auto* pause = std::get_if<PauseJob>(&command); pause && pause->target == sampling_->job) {
    sampling_->paused = true;
    emit(JobPaused{sampling_->job});
  } else if (const auto* resume = std::get_if<ResumeJob>(&command); resume && resume->target == sampling_->job) {
    sampling_->paused = false;
    emit(JobResumed{sampling_->job});
  }
}

}  // namespace kiln
