# vendor.mk: copies the few packages of the front end from the npm registry into static/vendor (not committed).
VENDOR_STAMP = $(BUILD)/vendor.stamp
NPM_DIR = $(BUILD)/npm

$(VENDOR_STAMP): static/package.json static/package-lock.json
	@mkdir -p $(NPM_DIR) static/vendor
	@cp static/package.json static/package-lock.json $(NPM_DIR)/
	$(SAY) cd $(NPM_DIR) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@cp $(NPM_DIR)/node_modules/htm/preact/standalone.module.js static/vendor/preact.js
	@cp $(NPM_DIR)/node_modules/idb/build/index.js static/vendor/idb.js
	@cp $(NPM_DIR)/node_modules/signature_pad/dist/signature_pad.min.js static/vendor/signature_pad.js
	@sed -i '/sourceMappingURL/d' static/vendor/*.js
	@touch $@

vendor: $(VENDOR_STAMP)
.PHONY: vendor
