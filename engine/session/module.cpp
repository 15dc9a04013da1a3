// The engine module's one exported symbol.

#include "engine/session/engine_session.h"

extern "C" __attribute__((visibility("default"))) kiln::Engine* spritekiln_make_engine(const kiln::EngineOptions& options) {
  return new kiln::EngineSession(options);
}
